"""A small client for S3, for the tests: it signs with AWS Signature Version 4 in headers, while feedmill signs URLs."""

import datetime
import hashlib
import hmac
import http.client
import urllib.parse
import xml.etree.ElementTree as ElementTree

XMLNS = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Store:
    """Buckets at 127.0.0.1, by path."""

    def __init__(self, port, key, secret, region="us-east-1"):
        self.port, self.key, self.secret, self.region = port, key, secret, region

    def request(self, method, path, query=None, body=b"", headers=None):
        """Returns status, headers and body of one request."""
        now = datetime.datetime.now(datetime.timezone.utc)
        host, stamp, day = f"127.0.0.1:{self.port}", now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        digest = hashlib.sha256(body).hexdigest()
        sent = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": stamp}
        sent |= {name.lower(): value for name, value in (headers or {}).items()}
        names = ";".join(sorted(sent))
        path = urllib.parse.quote(path, safe="/-_.~")
        query = "&".join(
            f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}"
            for name, value in sorted((query or {}).items())
        )
        lines = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
        canonical = "\n".join([method, path, query, lines, names, digest])
        scope = f"{day}/{self.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{self.secret}".encode()
        for part in (day, self.region, "s3", "aws4_request", text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        sent["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
        )
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path + ("?" + query if query else ""), body, sent)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def make(self, bucket):
        status, _, body = self.request("PUT", f"/{bucket}")
        assert status == 200, (status, body)

    def get(self, bucket, key):
        return self.request("GET", f"/{bucket}/{key}")

    def head(self, bucket, key):
        return self.request("HEAD", f"/{bucket}/{key}")

    def put(self, bucket, key, body, headers=None):
        return self.request("PUT", f"/{bucket}/{key}", body=body, headers=headers)

    def keys(self, bucket, prefix=""):
        """All keys below a prefix, with their ETags."""
        found, token = {}, None
        while True:
            query = {"list-type": "2", "prefix": prefix}
            if token:
                query["continuation-token"] = token
            status, _, body = self.request("GET", f"/{bucket}", query)
            assert status == 200, (status, body)
            tree = ElementTree.fromstring(body)
            for entry in tree.iter(f"{XMLNS}Contents"):
                found[entry.findtext(f"{XMLNS}Key")] = entry.findtext(f"{XMLNS}ETag").strip('"')
            if tree.findtext(f"{XMLNS}IsTruncated") != "true":
                return found
            token = tree.findtext(f"{XMLNS}NextContinuationToken")
