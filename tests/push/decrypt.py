"""Subscribes as a browser does, asks for messages to try out, and decrypts them with http-ece.

Arguments: the server's address, and a code to sign in with.
"""

import base64
import json
import os
import queue
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

MESSAGES = 5


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key):
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def ask(base, method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"{}")


def open_service(came):
    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_):
            pass

    service = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{service.server_port}"


def check_sender(authorization, origin, expected_key):
    scheme, _, rest = authorization.partition(" ")
    token, key = (part.strip().partition("=")[2] for part in rest.split(","))
    assert scheme == "vapid" and key == expected_key, authorization
    signed, _, signature = token.rpartition(".")
    raw = decode(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key))
    public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(decode(signed.split(".")[1]))
    assert claims["aud"] == origin, claims
    assert time.time() < claims["exp"] <= time.time() + 86_400, claims


def main():
    base, code = sys.argv[1:]
    came = queue.Queue()
    origin = open_service(came)
    device = {"name": "http-ece", "kind": "phone"}
    token = ask(base, "POST", "/v1/sign-in", {"code": code, "device": device})["access_token"]
    server_key = ask(base, "GET", "/v1/push/keys")["web_push"]
    own, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    keys = {"p256dh": encode(point(own.public_key())), "auth": encode(auth)}
    subscription = {"provider": "web_push", "endpoint": f"{origin}/push/x", "keys": keys}
    ask(base, "PUT", "/v1/account/push", subscription, token)
    salts = set()
    for _ in range(MESSAGES):
        sent = ask(base, "POST", "/v1/account/push/test", {}, token)["id"]
        headers, body = came.get(timeout=30)
        assert headers["content-encoding"] == "aes128gcm", headers
        check_sender(headers["authorization"], origin, server_key)
        says = json.loads(http_ece.decrypt(body, private_key=own, auth_secret=auth, version="aes128gcm"))
        assert says["kind"] == "test" and says["title"] and says["text"], says
        assert says["tag"] == headers["topic"], (says, headers)
        salts.add(body[:16])
        for _ in range(100):
            state = ask(base, "GET", f"/v1/account/push/test/{sent}", token=token)["state"]
            if state != "waiting":
                break
            time.sleep(0.1)
        assert state == "accepted", state
    assert len(salts) == MESSAGES, "each message has a salt of its own"
    print(f"{MESSAGES} messages decrypted by http-ece")


main()
