"""How hosts are treated."""

import time
from concurrent.futures import ThreadPoolExecutor

from tasks.fetch.sites.manners import Rules, turn


def test_rules_of_robots() -> None:
    rules = Rules.of(b"User-agent: *\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 3\nDisallow: /*.pdf$\n")
    allowed = {path: rules.allows(f"http://a.cn{path}") for path in ("/", "/a", "/a/b", "/x.pdf")}
    assert allowed == {"/": True, "/a": False, "/a/b": True, "/x.pdf": False}
    assert rules.pause == 3.0
    assert Rules.of(b"User-agent: *\nCrawl-delay: 9999\n").pause == 60.0
    assert Rules.of(b"User-agent: juesuan\nDisallow: /\n").allows("http://a.cn/") is False


def test_one_host_is_asked_one_at_a_time_with_pauses_and_others_meanwhile() -> None:
    def visit(url: str) -> tuple[str, float, float]:
        with turn(url, 0.1):
            begun = time.monotonic()
            time.sleep(0.05)
            return url, begun, time.monotonic()

    with ThreadPoolExecutor(6) as pool:
        visits = list(pool.map(visit, ["http://turns-a.cn/1", "http://turns-b.cn/1", "http://TURNS-a.cn/2"]))
    first, second = sorted((begun, ended) for url, begun, ended in visits if "-b" not in url)
    assert second[0] - first[1] >= 0.1
    other = next(begun for url, begun, _ in visits if "-b" in url)
    assert other < second[0]
