"""The desk as somebody who means harm uses it: every page it leads to, every form on it, with other things in its fields."""

import random
import re
import urllib.parse
from html.parser import HTMLParser

from tests.attack import archives, odd, pictures
from tests.attack.facts import Facts
from tests.attack.wire import FORM, Answer, Blow
from tests.server.phones import TOKEN

# What would only end the attack: sessions, passwords and accounts of those who attack.
SPARED = re.compile(
    r"^/(logout|account|people/[^/]+/(reset|deactivate|sessions?|password|enrol\w*|roles?)|devices|language)"
)
NAMES = ("unit", "day", "month", "period", "q", "state", "page", "kind", "sort", "code", "cursor", "person", "number", "next",
         "from", "to", "line", "duty", "view", "class", "route", "first", "last", "lang", "out", "at", "week", "year")  # fmt: skip


class Page(HTMLParser):
    """Links and forms of a page: ``forms`` holds (method, action, enctype, [(name, type, value)])."""

    def __init__(self, text: str, path: str):
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, str, list]] = []
        self._path, self._form = path, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        """Collect what leads on."""
        said = {name: value or "" for name, value in attributes}
        if tag == "form" and said.get("method", "get").lower() not in ("get", "post"):
            return  # a dialog
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"])
        elif tag == "form":
            action = said.get("action") or self._path
            self._form = (said.get("method", "get").upper(), action, said.get("enctype", FORM), [])
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea", "button") and self._form and said.get("name"):
            self._form[3].append((said["name"], said.get("type", tag), said.get("value", "")))


class Forms:
    """One attacker's way through the desk."""

    def __init__(self, chance: random.Random, facts: Facts, paths: list[str], person: str):
        self.chance, self._facts, self._person = chance, facts, person
        self._links, self._waiting, self._uploads, self._token = list(paths), [], [], ""

    def next(self) -> Blow:
        """The next page, or the next form."""
        if self._uploads and self.chance.random() < 0.12:  # they are few among so many forms
            return self._filled(*self.chance.choice(self._uploads))
        if self._waiting and self.chance.random() < 0.7:
            return self._filled(*self._waiting.pop())
        path, _, query = self.chance.choice(self._links).partition("?")
        asked = urllib.parse.parse_qsl(query)
        if self.chance.random() < 0.4:
            asked.append((self.chance.choice(NAMES), str(self.chance.choice(odd.ALL))))
        if asked and self.chance.random() < 0.3:
            place = self.chance.randrange(len(asked))
            asked[place] = (asked[place][0], str(self.chance.choice(odd.ALL)))
        # No address is that long: what the server says of one is tried once in a while only.
        asked = [(name, value if self.chance.random() < 0.05 else value[:3_000]) for name, value in asked]
        words = urllib.parse.urlencode(asked, errors="surrogatepass")
        return Blow("page", "GET", f"{path}?{words}" if words else path)

    def seen(self, blow: Blow, answer: Answer) -> None:
        """Learn from an answer where it leads on."""
        if answer.status in (301, 302, 303) and answer.headers.get("Location", "").startswith("/"):
            self._links = [*self._links[-800:], answer.headers["Location"]]
        if "html" not in answer.headers.get("Content-Type", "") or len(answer.body) > 2_000_000:
            return
        page = Page(answer.text, blow.path.partition("?")[0])
        if token := TOKEN.search(answer.text):
            self._token = token[1]
        self._links = [*self._links, *(link for link in page.links if not SPARED.match(link))][-800:]
        self._uploads = [
            *self._uploads,
            *(one for one in page.forms if "file" in {sort for _, sort, _ in one[3]}),
        ][-8:]
        self._waiting = [*self._waiting, *(one for one in page.forms if not SPARED.match(one[1]))][-30:]

    def _filled(self, method: str, action: str, enctype: str, fields: list) -> Blow:
        chance = self.chance
        values = [(name, self._value(name, sort, value)) for name, sort, value in fields if sort != "file"]
        if chance.random() < 0.05:
            values += [("x", "1")] * 300
        if chance.random() < 0.1 and values:
            values.pop(chance.randrange(len(values)))
        if method == "GET":
            words = urllib.parse.urlencode(
                [(name, value[:2_000]) for name, value in values], errors="surrogatepass"
            )
            return Blow("form", "GET", f"{action.partition('?')[0]}?{words}")
        if any(sort == "file" for _, sort, _ in fields):
            name = next(name for name, sort, _ in fields if sort == "file")
            return self._upload(action, values, name)
        body = urllib.parse.urlencode(values, errors="surrogatepass").encode()
        return Blow("form", "POST", action, body, FORM)

    def _value(self, name: str, sort: str, value: str) -> str:
        chance = self.chance
        if name == "csrf_token":  # without it every form is only expired
            return self._token
        if chance.random() > (0.05 if sort == "hidden" else 0.45):
            return value or self._facts.day
        return str(chance.choice(odd.ALL))

    def _upload(self, action: str, values: list, name: str) -> Blow:
        chance = self.chance
        if "rescue" in action:
            title, data = "queue.zip", archives.queue(self._facts, self._person)
        elif "points/" in action and "import" not in action:
            title, data = "photo.jpg", pictures.put(chance).body or b""
        else:
            title, data = archives.table(chance)
        edge = b"----attack"
        parts = [
            b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (edge, key.encode(errors="replace"), value.encode(errors="surrogatepass"))
            for key, value in values
        ]
        head = b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n'
        parts.append(head % (edge, name.encode(), title.encode()) + data + b"\r\n--%s--\r\n" % edge)
        body = b"".join(parts)
        if chance.random() < 0.05:
            body = odd.damaged(body, chance)
        return Blow("upload", "POST", action, body, "multipart/form-data; boundary=----attack")
