# SPDX-License-Identifier: Apache-2.0
"""Small real filesystems for tests."""
import os
import subprocess
from pathlib import Path


class Tmpfs:
    """A tmpfs of a few megabytes at `path`; None of it outlives stop()."""

    def __init__(self, path, kilobytes):
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(self.path)], check=True,
                       stderr=subprocess.PIPE)

    def leave_free(self, kilobytes):
        """Shrinks it until no more than this is free."""
        status = os.statvfs(self.path)
        used = (status.f_blocks - status.f_bfree) * status.f_frsize // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + kilobytes}k", str(self.path)], check=True)

    def stop(self):
        subprocess.run(["umount", str(self.path)], check=True)

    @staticmethod
    def why_not(folder):
        """Why none can be mounted here; "" where it can."""
        probe = Path(folder) / "probe"
        try:
            Tmpfs(probe, 64).stop()
        except (OSError, subprocess.CalledProcessError) as error:
            return f"no filesystem can be mounted here: {getattr(error, 'stderr', b'') or error}"
        return ""
