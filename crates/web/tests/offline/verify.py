#!/usr/bin/env python3
"""Checks proofs of a Symbolon journal offline, with nothing but Python's own library.

  verify.py inclusion KEY PROOF             the entry in a C2SP tlog-proof file is in the signed journal
  verify.py consistency KEY OLD_NOTE PROOF  the journal of an older note is the beginning of the newer

KEY is the public key as one line: name+id+base64. The entry is printed. Exit code 0: proved; 1: not.
"""
import base64
import hashlib
import sys

# Ed25519 after RFC 8032 section 5.1, verification only.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        q, p, n = (add(q, p) if n & 1 else q), add(p, p), n >> 1
    return q


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left, right = times(s, BASE), add(r, times(int.from_bytes(digest, "little") % L, a))
    same = lambda i: (left[i] * right[2] - right[i] * left[2]) % P == 0
    return same(0) and same(1)


def fail(what):
    print("NOT PROVED:", what)
    sys.exit(1)


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def open_note(note, vkey):
    """Size and root of a signed note (C2SP tlog-checkpoint)."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    if key[0] != 1 or len(key) != 33:
        fail("the key is no Ed25519 key")
    if hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != key_id:
        fail("the id of the key is not its own")
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    lines = text.split("\n")
    for line in signatures.split("\n"):
        if line.startswith("\u2014 " + name + " "):
            blob = base64.b64decode(line.rsplit(" ", 1)[1])
            if blob[:4].hex() == key_id and signed(key[1:], text.encode(), blob[4:]):
                if lines[0] != name:
                    fail("the note is of another log")
                return int(lines[1]), base64.b64decode(lines[2])
    fail("the key did not sign the note")


def included(index, size, digest, path, root):
    if index >= size:
        return False
    fn, sn = index, size - 1
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            digest = node(step, digest)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            digest = node(digest, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and digest == root


def grown(old, old_root, new, new_root, path):
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new:
        return False
    path = [old_root] + path if old & (old - 1) == 0 else path
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(step, fr), node(step, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def inclusion(vkey, path):
    head, _, note = read(path).partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra "):
        fail("this is no proof file of a journal")
    entry = base64.b64decode(lines[1][6:])
    index = int(lines[2].removeprefix("index "))
    size, root = open_note(note, vkey)
    hashes = [base64.b64decode(line) for line in lines[3:]]
    if not included(index, size, leaf(entry), hashes, root):
        fail("the entry does not lead to the signed root")
    print(entry.decode())


def consistency(vkey, old_note, path):
    old, old_root = open_note(read(old_note), vkey)
    head, _, note = read(path).partition("\n\n")
    lines = head.split("\n")
    new, new_root = open_note(note, vkey)
    if lines[:2] != [f"old {old}", f"new {new}"]:
        fail("the proof is about other sizes")
    if not grown(old, old_root, new, new_root, [base64.b64decode(line) for line in lines[2:]]):
        fail("the older journal is not the beginning of the newer")
    print(f"{old} entries are the beginning of {new}")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "inclusion":
        inclusion(*sys.argv[2:])
    elif len(sys.argv) == 5 and sys.argv[1] == "consistency":
        consistency(*sys.argv[2:])
    else:
        sys.exit(__doc__)
