"""What visits to sites hand on."""

from pathlib import Path

from flows.visits import _broken, locations
from schemas.raw import FETCHES
from schemas.validate import validate
from tasks.fetch import load


def test_a_visit_that_broke_is_a_failure_of_its_lists(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[[source]]\nname = "a"\nlisting = ["http://a.cn/1", "http://a.cn/2"]\n', encoding="utf-8")
    fetches = validate(_broken(load(path).sources, "r", RuntimeError("no room")).fetches, FETCHES)
    assert locations(fetches)["url"].to_list() == ["http://a.cn/1", "http://a.cn/2"]
    assert fetches["message"].unique().to_list() == [
        "The visit broke off (RuntimeError: no room); the next run takes it up again."
    ]
