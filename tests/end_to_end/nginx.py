# SPDX-License-Identifier: Apache-2.0
"""A real nginx on a free loopback port: a simple index (HTML and JSON), a GitHub-shaped API with its assets, and
places where things go wrong. Everything lies in a temporary folder; the process is ended by its id."""
import hashlib
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

# Lets a location wait; Debian's nginx-light brings it along.
ECHO = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
SLOW_START = """
    location /slow-start/ { echo_sleep 2; echo_exec /started$uri; }
    location /started/slow-start/ { internal; alias %(www)s/; limit_rate 5m; }
    # Later than one who waits for an answer is left alone.
    location /slower-start/ { echo_sleep 4; echo_exec /started$uri; }
    location /started/slower-start/ { internal; alias %(www)s/; limit_rate 5m; }
    # Later than one is willing to wait.
    location /never-starts/ { echo_sleep 60; echo_exec /started$uri; }
"""

CONFIGURATION = r"""
{modules}
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 256; }}
http {{
  log_format seen '$request_method $request_uri $status "$http_accept" "$http_range" "$http_if_none_match" "$http_authorization" "$http_user_agent" $connection $msec $request_time $body_bytes_sent';
  access_log {folder}/access.log seen;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  types {{ text/html html; application/octet-stream whl; text/plain metadata; }}
  # As the real index does: pip 22.2 and 22.3 get HTML whatever they accept.
  map "$http_user_agent|$http_accept" $page {{
    default index.html;
    "~^pip/22\.[23]" index.html;
    "~application/vnd\.pypi\.simple\.v1\+json" index.json;
  }}
  map $arg_page $later_page {{ default 1; "" 0; "1" 0; }}
  map $msec $second {{ "~^(?<whole>[0-9]+)" $whole; }}
  split_clients $request_id $unlucky {{ 33% 1; * 0; }}
  limit_conn_zone $binary_remote_addr zone=connections:1m;
  limit_req_zone $binary_remote_addr zone=requests:1m rate=3r/s;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www;

    # PEP 503 and PEP 691, by what the client accepts.
    location ~ ^/simple/.*/$ {{
      types {{ application/vnd.pypi.simple.v1+json json; text/html html; }}
      add_header Vary Accept;
      try_files $uri$page =404;
    }}
    location ~ ^/html-only/(.*/)$ {{
      types {{ text/html html; }}
      try_files /simple/$1index.html =404;
    }}
    location /api/ {{
      types {{ application/json json; }}
      if ($later_page) {{ return 200 "[]"; }}
      try_files $uri.json =404;
    }}
    location /limited/ {{
      default_type application/json;
      add_header X-RateLimit-Remaining 0 always;
      return 403 '{{"message": "API rate limit exceeded for 127.0.0.1."}}';
    }}
    location /gone/ {{ return 404; }}
    location /unavailable/ {{ add_header Retry-After 0 always; return 503; }}
    # As if the server knew no ranges.
    location /no-ranges/ {{ alias {folder}/www/; max_ranges 0; }}
    location /moved/ {{ rewrite ^/moved/(.*)$ /$1 redirect; }}
    # 400 kB a second: long enough to be interrupted.
    location /slow/ {{ alias {folder}/www/; limit_rate 400k; }}
    location /crawling/ {{ alias {folder}/www/; limit_rate 50k; }}
    location /each-5m/ {{ alias {folder}/www/; limit_rate 5m; }}
    location /two-connections/ {{ alias {folder}/www/; limit_rate 5m; limit_conn connections 2; }}
    location /three-a-second/ {{
      alias {folder}/www/; limit_rate 5m; limit_req zone=requests burst=2 nodelay; limit_req_status 429;
      add_header Retry-After 1 always;
    }}
    # Another part than the one that is asked for.
    location /other-range/ {{ proxy_pass http://127.0.0.1:{port}/; proxy_set_header Range "bytes=5-9"; }}
    # In chunks, without ranges.
    location /no-length/ {{ alias {folder}/www/; ssi on; ssi_types *; }}
    # To another host, with a signature that is good for no longer than this second.
    location /expiring/ {{
      set $stamp $second;
      rewrite ^/expiring/(.*)$ http://localhost:{port}/signed/$1?signature=$stamp redirect;
    }}
    location /signed/ {{
      if ($arg_signature != $second) {{ return 403; }}
      rewrite ^/signed/(.*)$ /each-5m/$1 last;
    }}
    # Every third request ends in a reset instead of an answer.
    location /resetting/ {{
      reset_timedout_connection on;
      if ($unlucky) {{ return 444; }}
      rewrite ^/resetting/(.*)$ /each-5m/$1 last;
    }}
    location /always-reset/ {{ reset_timedout_connection on; return 444; }}
    {slow_start}
    # A mirror that wants the whole address behind its own.
    location ~ "^/prefix/https:/+github\.com/(.*)$" {{ alias {folder}/www/github/$1; }}
  }}
  # A forward proxy for plain HTTP.
  server {{
    listen 127.0.0.1:{proxy_port};
    access_log off;
    location / {{ proxy_pass http://$http_host$request_uri; proxy_set_header Host $http_host;
      proxy_set_header User-Agent "through-the-proxy"; }}
  }}
}}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Nginx:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.www = self.folder / "www"
        self.www.mkdir(parents=True)
        for _ in range(5):  # somebody else may take the port between the question and the start
            self.port, self.proxy_port = free_port(), free_port()
            if self._start():
                return
        raise RuntimeError("nginx does not start:\n" + (self.folder / "error.log").read_text())

    def _start(self):
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(
            folder=self.folder, port=self.port, proxy_port=self.proxy_port,
            modules=f"load_module {ECHO};" if ECHO.exists() else "",
            slow_start=SLOW_START % {"www": self.www} if ECHO.exists() else ""))
        self.process = subprocess.Popen(
            [PROGRAM, "-e", f"{self.folder}/error.log", "-p", str(self.folder), "-c", str(configuration)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (self.www / "alive").write_text(str(self.process.pid))
        deadline = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url("alive"), timeout=2) as answer:
                    return answer.read().decode() == str(self.process.pid)
            except (OSError, urllib.error.URLError):
                time.sleep(0.02)
        self.stop()
        return False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def restart(self):
        """Ends what it is still at; that would be logged as another test's."""
        self.stop()
        if not self._start():
            raise RuntimeError("nginx does not start again:\n" + (self.folder / "error.log").read_text())

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    @property
    def proxy(self):
        return f"http://127.0.0.1:{self.proxy_port}"

    def requests(self):
        """One line a request, oldest first."""
        return (self.folder / "access.log").read_text().splitlines()

    def forget_requests(self):
        (self.folder / "access.log").write_text("")

    # --- what it serves ---

    def add_file(self, path, content):
        target = self.www / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return self.url(path)

    def add_project(self, name, wheels, yanked=(), hashes=True):
        """A project of the simple index with its wheels (or whatever has `file_name` and bytes()); `yanked`: file
        names."""
        rows, files = [], []
        for wheel in wheels:
            content = wheel.bytes()
            self.add_file(f"files/{wheel.file_name}", content)
            digest = hashlib.sha256(content).hexdigest()
            link = f"../../files/{wheel.file_name.replace('+', '%2B')}"
            is_yanked = wheel.file_name in yanked
            rows.append(f'<a href="{link}{"#sha256=" + digest if hashes else ""}"'
                        f'{" data-yanked=" + chr(34) + "spoiled" + chr(34) if is_yanked else ""}>{wheel.file_name}</a><br>')
            files.append({"filename": wheel.file_name, "url": link, "size": len(content),
                          "hashes": {"sha256": digest} if hashes else {},
                          "yanked": "spoiled" if is_yanked else False})
        document = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
        self.add_file(f"simple/{name}/index.json", json.dumps(document).encode())
        page = f"<!DOCTYPE html><html><head><title>{name}</title></head><body>{''.join(rows)}</body></html>"
        self.add_file(f"simple/{name}/index.html", page.encode())

    def add_releases(self, repository, releases, below=""):
        """{tag: [wheels]} as GitHub's API would list them, newest first; assets are served below github/, and
        linked `below` another of the server's places."""
        listing = []
        for number, (tag, wheels) in enumerate(releases.items()):
            assets = []
            for wheel in wheels:
                content = wheel.bytes()
                url = self.add_file(f"github/{repository}/releases/download/{tag}/{wheel.file_name}", content)
                assets.append({"name": wheel.file_name, "size": len(content), "state": "uploaded",
                               "browser_download_url": url.replace("/github/", f"/{below}github/").replace("+", "%2B"),
                               "digest": "sha256:" + hashlib.sha256(content).hexdigest()})
            listing.append({"tag_name": tag, "name": tag, "draft": False, "prerelease": False,
                            "published_at": f"2025-0{9 - number}-01T00:00:00Z", "assets": assets})
        self.add_file(f"api/repos/{repository}/releases.json", json.dumps(listing).encode())
