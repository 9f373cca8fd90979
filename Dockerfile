# The image of devidp; docs/container.md says how to use it.
# A tag can be moved to another image. To pin what it names today, write its digest behind it, in both places:
#   docker buildx imagetools inspect python:3.13.14-slim-bookworm --format '{{.Manifest.Digest}}'
#   FROM python:3.13.14-slim-bookworm@sha256:…
FROM python:3.13.14-slim-bookworm AS build
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
# The compiled modules that pip writes are a fifth of the size. Whoever runs devidp cannot write them: without them each
# start, and each health check, would compile the modules again.
RUN /opt/build/bin/pip --python /opt/devidp/bin/python install --quiet --no-cache-dir --constraint constraints.txt \
    "$(ls /dist/*.whl)[postgres]"
# sqlite-utils depends on pip for its plugins. Nothing here uses them, and pip is a sixth of the size.
RUN /opt/build/bin/pip --python /opt/devidp/bin/python uninstall --quiet --yes pip

FROM python:3.13.14-slim-bookworm
# Whatever number it runs as, it is in group 0 unless told otherwise: so that group may write.
RUN install --directory --owner 10001 --group 0 --mode 0770 /data
COPY --from=build /opt/devidp /opt/devidp
# Variables, not arguments, so that `docker run devidp serve --workers 2` keeps them. They say where a data folder is and
# who shares it, if there is one: a database, memory or another folder contradicts none of them.
ENV PATH="/opt/devidp/bin:$PATH" DEVIDP_HOST=0.0.0.0 XDG_DATA_HOME=/data DEVIDP_DATA_GROUP=1
WORKDIR /data
# Numbers, so that Kubernetes can see that it is not root. No name belongs to them: nothing asks for one.
USER 10001:0
VOLUME /data
EXPOSE 6749
HEALTHCHECK --interval=5s --timeout=5s --start-period=15s --retries=3 CMD ["devidp", "health"]
ENTRYPOINT ["devidp"]
CMD ["serve"]
