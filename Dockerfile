# The image of devidp; docs/container.md says how to use it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md seed.yaml tests/constraints.txt ./
COPY .ci .ci
COPY devidp devidp
COPY templates templates
COPY docs docs
# constraints.txt pins every version, including pip and what builds the wheel.
RUN python -m venv /opt/build && /opt/build/bin/pip install --quiet --no-cache-dir --constraint constraints.txt pip
RUN /opt/build/bin/pip wheel --quiet --no-cache-dir --no-deps --build-constraint constraints.txt --wheel-dir /dist .
RUN python -m venv --without-pip /opt/devidp
RUN /opt/build/bin/pip --python /opt/devidp/bin/python install --quiet --no-cache-dir --constraint constraints.txt \
    /dist/*.whl
# sqlite-utils depends on pip for its plugins. Nothing here uses them, and pip is a sixth of the size.
RUN /opt/build/bin/pip --python /opt/devidp/bin/python uninstall --quiet --yes pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data devidp \
    && install --directory --owner devidp --group devidp --mode 0700 /data
COPY --from=build /opt/devidp /opt/devidp
# Variables, not arguments, so that `docker run devidp serve --workers 2` keeps them.
ENV PATH="/opt/devidp/bin:$PATH" DEVIDP_HOST=0.0.0.0 DEVIDP_DATA=/data DEVIDP_DATA_GROUP=1
WORKDIR /data
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
VOLUME /data
EXPOSE 6749
HEALTHCHECK --interval=5s --timeout=5s --start-period=15s --retries=3 CMD ["devidp", "health"]
ENTRYPOINT ["devidp"]
CMD ["serve"]
