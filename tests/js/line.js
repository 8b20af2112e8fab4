/** A real line to the tests' server, over TCP, that can be made to misbehave; `fetch` is node's own. */

import {createServer} from 'node:http';
import {connect, createServer as createLine} from 'node:net';

/** Serves what a {@link import('./server.js').Server} answers. @returns {Promise<import('node:http').Server>} */
async function serve(server) {
  const real = createServer(async (request, response) => {
    const parts = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return; // the request never came whole
    }
    const bytes = Buffer.concat(parts);
    const headers = {'Content-Type': request.headers['content-type'], 'X-Toucha': request.headers['x-toucha']};
    const body = request.method === 'PUT' ? new Uint8Array(bytes).buffer : bytes.toString();
    const answer = await server.fetch(request.url, {method: request.method, headers, body});
    response.writeHead(answer.status, {...Object.fromEntries(answer.headers), Connection: 'close'});
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => real.listen(0, '127.0.0.1', resolve));
  return real;
}

/** What can become of a connection: it is given the phone's end and how to reach the server. */
export const MISHAPS = {
  none: (phone, far) => phone.pipe(far()).pipe(phone),
  /** Nobody answers. */
  hangs() {},
  /** Broken off at once, as a proxy out of memory does. */
  resets: (phone) => phone.destroy(),
  /** A hotel's sign-in page in the place of every answer. */
  portal: (phone) => reply(phone, '200 OK', 'text/html', '<!doctype html><title>WLAN</title>'),
  /** An operator's notice, as JSON that is not ours. */
  notice: (phone) => reply(phone, '200 OK', 'application/json', '{"status": "ok", "results": "none"}'),
  /** The proxy is there, the server behind it is not. */
  badGateway: (phone) => reply(phone, '502 Bad Gateway', 'text/html', '<h1>502 Bad Gateway</h1>'),
  gatewayTimeout: (phone) => reply(phone, '504 Gateway Time-out', 'text/html', '<h1>504</h1>'),
  /** The server has carried it out; half of its answer comes. */
  cutAnswer(phone, far) {
    const behind = far();
    phone.pipe(behind);
    behind.once('data', (bytes) => phone.end(bytes.subarray(0, bytes.length >> 1), () => phone.destroy()));
  },
  /** The head of an answer, and then nothing for ever. */
  stalls: (phone) => phone.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"toucha":'),
  /** The request's first bytes come through. */
  cutRequest(phone, far) {
    const behind = far();
    phone.once('data', (bytes) => {
      behind.write(bytes.subarray(0, bytes.length >> 1), () => behind.destroy());
      phone.destroy();
    });
  },
};

function reply(phone, status, type, text) {
  phone.once('data', () => {
    const head = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n`;
    phone.end(head + text);
  });
}

/** No more than so many bytes of one request come through. @param {number} most */
export function narrow(most) {
  return (phone, far) => {
    const behind = far();
    let room = most;
    phone.on('data', (bytes) => {
      room -= bytes.length;
      if (room >= 0) return behind.write(bytes);
      behind.destroy();
      phone.destroy();
    });
    behind.pipe(phone);
  };
}

/** @param {any} server the tests' server */
export async function lineTo(server) {
  const real = await serve(server);
  const open = new Set();
  const far = () => keep(connect(real.address().port, '127.0.0.1'));
  const keep = (socket) => {
    open.add(socket.on('error', () => {}));
    return socket;
  };
  const line = {mishap: MISHAPS.none, met: 0, scheme: 'http'};
  const front = createLine((phone) => {
    line.met += 1;
    line.mishap(keep(phone), far);
  });
  await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
  line.fetch = (path, {headers, ...options} = {}) =>
    fetch(`${line.scheme}://127.0.0.1:${front.address().port}${path}`, {
      ...options,
      headers: {...headers, Connection: 'close'},
    });
  line.close = () => {
    for (const socket of open) socket.destroy();
    front.close();
    real.close();
  };
  return line;
}
