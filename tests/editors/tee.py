"""tee.py LOG COMMAND...: runs a language server and writes down, one to a line, what the methods of the editor's messages and the server's answers are."""

import json
import subprocess
import sys
import threading


def pump(source, sink, log, lock, mark):
    while True:
        length = None
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = source.read(1)
            if not byte:
                sink.close()
                return
            head += byte
        for line in head.splitlines():
            if line.lower().startswith(b"content-length"):
                length = int(line.split(b":")[1])
        body = source.read(length)
        sink.write(head + body)
        sink.flush()
        message = json.loads(body)
        with lock:
            log.write(f"{mark} {message.get('method', 'answer')} {json.dumps(message.get('result', message.get('params')))}\n")


def main():
    lock = threading.Lock()
    with open(sys.argv[1], "a", buffering=1) as log:
        server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=pump, args=(sys.stdin.buffer, server.stdin, log, lock, ">"), daemon=True).start()
        pump(server.stdout, sys.stdout.buffer, log, lock, "<")
        sys.exit(server.wait())


main()
