# SPDX-License-Identifier: Apache-2.0
"""Debian's proxies and a TLS origin under a private authority, each in the foreground on a free loopback port with its
own configuration in a folder of its own, ended by its process id."""
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from environments import compile_library
from nginx import PROGRAM as NGINX
from nginx import free_port

USER, PASSWORD = "somebody", "hunter2"
SBIN = "/usr/sbin:/usr/local/sbin:/usr/bin"
# Names below .example exist for whoever runs with RESOLVES; every name that is asked for is written down. With
# NAMES_HANG the answer never comes in time.
NAMES = r"""
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  const size_t length = host ? strlen(host) : 0;
  const char* log = getenv("SEEN_NAMES");
  if (FILE* file = log && host ? fopen(log, "a") : nullptr) { fprintf(file, "%s\n", host); fclose(file); }
  if (length > 8 && strcmp(host + length - 8, ".example") == 0) {
    if (getenv("NAMES_HANG")) sleep(40);
    if (!getenv("RESOLVES")) return EAI_NONAME;
    host = "127.0.0.1";
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"))(host, service, hints, found);
}
"""


def names_shim(folder):
    compile_library(Path(folder), NAMES, "-ldl")
    return Path(folder) / "library.so"


def program(name):
    return shutil.which(name) or shutil.which(name, path=SBIN)


def accepts(port):
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """Subclasses give the command line and write the configuration; `ports`: how many they want."""
    name, ports, user = "", 1, None

    def __init__(self, *arguments):
        self.folder = Path(tempfile.mkdtemp(prefix=f"wheelfit-{self.name}-"))
        for _ in range(5):  # somebody else may take a port between the question and the start
            self.port, *self.more_ports = [free_port() for _ in range(self.ports)]
            command, variables = self.configure(*arguments)
            self.own()
            with open(self.folder / "output", "w") as output:
                self.process = subprocess.Popen(command, env={**os.environ, **variables}, cwd=self.folder, user=self.user,
                                                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            deadline = time.monotonic() + 20
            while self.process.poll() is None and time.monotonic() < deadline:
                if all(map(accepts, [self.port, *self.more_ports])):
                    return
                time.sleep(0.05)
            self.end()
        raise RuntimeError(f"{self.name} does not start:\n" + (self.folder / "output").read_text())

    def own(self):
        if self.user is not None:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self.user, -1)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait(10)

    def stop(self):
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, scheme="http", user=None, port=None):
        return f"{scheme}://{user + '@' if user else ''}127.0.0.1:{port or self.port}"


class Squid(Server):
    """With a password, by `scheme` (basic or digest); the second port speaks TLS. It refuses to run as root."""
    name, ports = "squid", 2
    user = pwd.getpwnam("proxy").pw_uid if os.geteuid() == 0 else None

    def configure(self, authority, scheme="basic", password=PASSWORD):
        helpers = {"basic": "basic_ncsa_auth", "digest": "digest_file_auth"}
        hashed = subprocess.run(["openssl", "passwd", "-apr1", password], check=True, stdout=subprocess.PIPE,
                                text=True).stdout.strip()
        (self.folder / "users").write_text(f"{USER}:{hashed if scheme == 'basic' else password}\n")
        (self.folder / "hosts").write_text("127.0.0.1 wheels.example localhost\n")
        certificate, key = authority.issue("squid", "IP:127.0.0.1")
        shutil.copy(certificate, self.folder / "certificate.pem")
        shutil.copy(key, self.folder / "key.pem")
        (self.folder / "squid.conf").write_text(f"""
http_port 127.0.0.1:{self.port}
https_port 127.0.0.1:{self.more_ports[0]} tls-cert={self.folder}/certificate.pem tls-key={self.folder}/key.pem
auth_param {scheme} program /usr/lib/squid/{helpers[scheme]} {self.folder}/users
auth_param {scheme} realm wheels
auth_param {scheme} children 1
acl known proxy_auth REQUIRED
acl forbidden dstdomain forbidden.example
http_access deny known forbidden
http_access allow known
http_access deny all
cache deny all
memory_cache_shared off
cache_mem 1 MB
pinger_enable off
shutdown_lifetime 0 seconds
hosts_file {self.folder}/hosts
pid_filename {self.folder}/pid
access_log stdio:{self.folder}/access.log
cache_log {self.folder}/cache.log
cache_store_log none
coredump_dir {self.folder}
""")
        return [program("squid"), "-N", "-n", f"wheelfit{self.port}", "-f", f"{self.folder}/squid.conf"], {}

    def end(self):
        super().end()
        for left in Path("/dev/shm").glob(f"wheelfit{self.port}-*"):
            left.unlink()

    def requests(self):
        path = self.folder / "access.log"
        return path.read_text().splitlines() if path.exists() else []


class Tinyproxy(Server):
    name = "tinyproxy"

    def configure(self, password=PASSWORD):
        (self.folder / "tinyproxy.conf").write_text(
            f"Port {self.port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\nMaxClients 50\n"
            f'LogFile "{self.folder}/log"\nLogLevel Connect\n'
            + (f"BasicAuth {USER} {password}\n" if password else ""))
        return [program("tinyproxy"), "-d", "-c", f"{self.folder}/tinyproxy.conf"], {}


class Microsocks(Server):
    name = "microsocks"

    def configure(self, shim, password=PASSWORD):
        credentials = ["-u", USER, "-P", password] if password else []
        return ([program("microsocks"), "-i", "127.0.0.1", "-p", str(self.port), *credentials],
                {"LD_PRELOAD": str(shim), "RESOLVES": "1", "SEEN_NAMES": str(self.folder / "names")})


class Dante(Server):
    name = "danted"

    def configure(self, shim):
        (self.folder / "danted.conf").write_text(
            f"logoutput: {self.folder}/log\ninternal: 127.0.0.1 port = {self.port}\nexternal: lo\n"
            "clientmethod: none\nsocksmethod: none\n"
            "client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n")
        return ([program("danted"), "-f", f"{self.folder}/danted.conf"],
                {"LD_PRELOAD": str(shim), "RESOLVES": "1", "SEEN_NAMES": str(self.folder / "names")})


class Authority:
    """A certificate authority that nobody knows."""

    def __init__(self, folder, name="Private authority"):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.certificate, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        self.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", self.certificate,
                 "-days", "3", "-subj", f"/CN={name}")
        (self.folder / "index").write_text("")
        (self.folder / "ca.conf").write_text(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={self.folder}/index\nnew_certs_dir={self.folder}\n"
            "rand_serial=yes\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n"
            "[any]\ncommonName=supplied\n")

    def run(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd=self.folder)

    def issue(self, name, alternative, begin="20200101000000Z", end="20400101000000Z"):
        """(certificate, key), cached by name."""
        certificate, key, request = (self.folder / f"{name}.{kind}" for kind in ("pem", "key", "csr"))
        if not certificate.exists():
            self.run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj",
                     f"/CN={name}", "-addext", f"subjectAltName={alternative}")
            self.run("ca", "-batch", "-config", self.folder / "ca.conf", "-cert", self.certificate, "-keyfile",
                     self.key, "-in", request, "-out", certificate, "-startdate", begin, "-enddate", end, "-notext")
        return certificate, key

    def pair(self, name):
        """Certificate and key of a client in one file, as pip's client-cert wants them."""
        certificate, key = self.issue(name, "DNS:" + name)
        both = self.folder / f"{name}-both.pem"
        both.write_bytes(certificate.read_bytes() + key.read_bytes())
        return both


ORIGIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 64; }}
http {{
  log_format seen '$request_uri $status "$http_authorization"';
  access_log {folder}/access.log seen;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  types {{ text/html html; application/octet-stream whl; application/json json; }}
  root {www};
  {servers}
}}
"""
PLACE = """
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    {more}
    location ^~ /private/ {{
      auth_basic wheels; auth_basic_user_file {folder}/users;
      rewrite ^/private/(.*)/$ /$1/index.html break;
      rewrite ^/private/(.*)$ /$1 break;
    }}
    location ^~ /simple/ {{ index index.html; }}
  }}
"""


class TlsOrigin(Server):
    """nginx with TLS, serving `www`: `good`, `expired` (in 2021), `misnamed` (for another name), `guarded` (wants a
    client's certificate). What lies below private/ wants the password."""
    name, ports = "nginx-tls", 4

    def configure(self, authority, www):
        self.good, self.expired, self.misnamed, self.guarded = self.port, *self.more_ports
        places = ((self.good, authority.issue("good", "IP:127.0.0.1,DNS:wheels.example"), ""),
                  (self.expired, authority.issue("expired", "IP:127.0.0.1", end="20210101000000Z"), ""),
                  (self.misnamed, authority.issue("misnamed", "DNS:other.example"), ""),
                  (self.guarded, authority.issue("good", ""),
                   f"ssl_client_certificate {authority.certificate}; ssl_verify_client on;"))
        hashed = subprocess.run(["openssl", "passwd", "-apr1", PASSWORD], check=True, stdout=subprocess.PIPE,
                                text=True).stdout.strip()
        (self.folder / "users").write_text(f"{USER}:{hashed}\n")
        (self.folder / "users").chmod(0o644)
        servers = "".join(PLACE.format(port=port, certificate=pair[0], key=pair[1], more=more, folder=self.folder)
                          for port, pair, more in places)
        (self.folder / "nginx.conf").write_text(ORIGIN.format(folder=self.folder, www=www, servers=servers))
        return [NGINX, "-e", f"{self.folder}/error.log", "-p", str(self.folder), "-c", f"{self.folder}/nginx.conf"], {}

    def https(self, path, port=None, host="127.0.0.1"):
        return f"https://{host}:{port or self.good}/{path}"

    def requests(self):
        return (self.folder / "access.log").read_text().splitlines()
