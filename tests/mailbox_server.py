"""A private Dovecot for tests: one mailbox on loopback, thrown away afterwards.

It needs Dovecot's own binaries (Debian: dovecot-imapd) and no rights; root lends it `nobody`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

SERVER_USER = "nobody"
PASSWORD = "a-secret"
_DEBIAN = Path("/usr/sbin/dovecot")
_BINARY = _DEBIAN if _DEBIAN.exists() else shutil.which("dovecot")
WHY_NOT = None if _BINARY else "no IMAP server is installed (Debian: apt-get install dovecot-imapd)"
_SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/%u
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/%u
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
"""


@dataclass
class Mailbox:
    """A mailbox of its own: what is delivered into it is there at the next look."""

    port: int
    folder: Path
    _delivered: int = field(default=0)

    @property
    def environment(self) -> dict[str, str]:
        """What Duly is told of it."""
        return {
            "DULY_IMAP_URL": f"imap://{self.folder.name}@127.0.0.1:{self.port}/INBOX",
            "DULY_IMAP_PASSWORD": PASSWORD,
        }

    def deliver(self, mail: EmailMessage | bytes) -> None:
        """Put a mail into the mailbox, as a mail server would."""
        self._delivered += 1
        name = f"{1_700_000_000 + self._delivered}.{self._delivered:06}.test"
        for place in ("tmp", "new", "cur"):
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        path = self.folder / "tmp" / name
        path.write_bytes(mail if isinstance(mail, bytes) else mail.as_bytes())
        if os.geteuid() == 0:
            for one in (self.folder, *self.folder.rglob("*")):
                shutil.chown(one, SERVER_USER, "nogroup")
        path.rename(self.folder / "new" / name)

    def number_anew(self) -> None:
        """Forget the numbers of the mails, as after a restore: the validity is another then."""
        for file in self.folder.glob("dovecot*"):
            file.unlink()

    def is_untouched(self) -> bool:
        """Tell whether no mail was marked as read or removed."""
        there = [*(self.folder / "new").glob("*"), *(self.folder / "cur").glob("*")]
        marks = [path.name.partition(":2,")[2] for path in there]
        return len(there) == self._delivered and not any(marks)


@contextmanager
def private_mailboxes() -> Iterator[Callable[[str], Mailbox]]:
    """Start a server of our own; yields what opens a mailbox by its name."""
    folder = Path(tempfile.mkdtemp(prefix="duly-mailbox-"))
    is_root = os.geteuid() == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    import grp
    import pwd

    user = SERVER_USER if is_root else pwd.getpwuid(os.geteuid()).pw_name
    group = "nogroup" if is_root else grp.getgrgid(os.getegid()).gr_name
    settings = folder / "dovecot.conf"
    settings.write_text(
        _SETTINGS.format(folder=folder, user=user, group=group, port=port, password=PASSWORD)
    )
    for path in (folder, settings) if is_root else ():
        shutil.chown(path, SERVER_USER, "nogroup")
    as_user = ["runuser", "-u", SERVER_USER, "--"] if is_root else []
    server = subprocess.Popen(
        [*as_user, str(_BINARY), "-F", "-c", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    try:
        _wait_until_ready(port, server, folder / "log")
        yield lambda name: Mailbox(port, folder / name)
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):  # a busy machine takes its time
        if server.poll() is not None:
            said = (server.stderr.read() if server.stderr else b"").decode()
            raise RuntimeError(f"Dovecot ended at once:\n{said}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                if line.recv(4).startswith(b"* OK"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"Dovecot didn't answer:\n{log.read_text() if log.exists() else ''}")
