// One stream of events for all tabs of a browser: each tab is a port, and is told that something happened.
"use strict";

const ports = new Set();
let source = null;

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function open(address) {
  source = new EventSource(address);
  source.onopen = () => tell("open");
  source.onmessage = () => tell("event");
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) { tell("closed"); source = null; } };
}

onconnect = (connected) => {
  const port = connected.ports[0];
  port.onmessage = ({ data }) => {
    if (data === "bye") {
      ports.delete(port);
      if (ports.size === 0 && source) { source.close(); source = null; }
      return;
    }
    ports.add(port);
    if (!source) open(data);
    else if (source.readyState === EventSource.OPEN) port.postMessage("open");
  };
};
