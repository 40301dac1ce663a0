//! Modules that a language's runtime brings, so that no manifest lists them.

use crate::Language;

/// Modules of Node.js; those behind `node:` and the like are known by that.
const NODE: &str = "\
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events \
    fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream \
    string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib";

/// The standard library of Python 3, with what left it since 3.8.
const PYTHON: &str = "\
    __future__ abc aifc annotationlib argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii \
    bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall \
    compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime \
    dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput \
    fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http \
    imaplib imghdr imp importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox \
    mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib numbers operator \
    optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix pprint profile \
    pstats pty pwd py_compile pyclbr pydoc pyexpat queue quopri random re readline reprlib resource rlcompleter runpy \
    sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 \
    ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile \
    telnetlib tempfile termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc \
    tty turtle types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound \
    wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo";

/// Whether `module`, as an import spells it, comes with the runtime of `language`; false for languages without imports.
pub fn is_runtime_module(language: Language, module: &str) -> bool {
    let (known, first) = match language {
        Language::TypeScript | Language::Tsx => {
            if ["node:", "bun:", "deno:", "cloudflare:"].iter().any(|scheme| module.starts_with(scheme)) {
                return true;
            }
            (NODE, module.split('/').next())
        }
        Language::Python => (PYTHON, module.split('.').next()),
        _ => return false,
    };
    first.is_some_and(|first| known.split_whitespace().any(|name| name == first))
}
