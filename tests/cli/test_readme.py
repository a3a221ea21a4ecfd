"""What the README shows is what happens."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_query_returns_what_the_readme_says(samples) -> None:
    program, shown = re.search(r"python - <<'END'\n(.*?)END\n```\n```\n(.*?)```", README, re.DOTALL).groups()
    program = program.replace("data/marts", str(samples.data / "marts"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == shown.strip()


def test_a_missing_acknowledgement_is_told_as_the_readme_says(samples, command, tmp_path: Path) -> None:
    told = re.search(r"```\n(4 published, 1 held\n.*?)\n```", README, re.DOTALL).group(1)
    lines = Path("sources/sample/acknowledged.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    reviewed = tmp_path / "reviewed.csv"
    reviewed.write_text("".join(line for line in lines if "78aa15079384" not in line), encoding="utf-8")
    data = Path(shutil.copytree(samples.data, tmp_path / "data", symlinks=True))
    failed = command("run", "--acknowledged", reviewed, data=data)
    assert failed.status == 1
    assert told in failed.out
    assert command("acknowledge", "78aa15079384", "--acknowledged", reviewed, "--reason", "as the README says",
                   "--by", "a reader", data=data).status == 0  # fmt: skip
    repaired = command("run", "--acknowledged", reviewed, data=data)
    assert repaired.status == 0
    assert "3 tasks done, 4 were done before" in repaired.out


def test_every_file_that_the_readme_links_to_is_there() -> None:
    house = Path(__file__).resolve().parents[2]
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", README)
    assert links
    assert [link for link in links if not (house / link).exists()] == []
