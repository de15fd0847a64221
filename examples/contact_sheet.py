"""
Make a page with the thumbnails of a sequence, to look at or to print.

    python contact_sheet.py Caminandes SE01 --output se01.html

The thumbnails are part of the page, so it is a single file that can be mailed. Shots
without a preview are an empty frame. The host and the login are read from KITSU_HOST,
KITSU_LOGIN and KITSU_PASSWORD.
"""

import argparse
import base64
import html
import os
import sys
import tempfile

import gazu

PAGE = """<!doctype html>
<meta charset="utf-8"><title>{title}</title>
<style>
  body {{ font: 14px sans-serif; background: #222; color: #ddd; }}
  main {{ display: grid; grid-template-columns: repeat(auto-fill, 200px); gap: 16px; }}
  figure {{ margin: 0; }}
  img, div {{ width: 200px; height: 112px; background: #444; object-fit: cover; }}
</style>
<h1>{title}</h1>
<main>
{figures}
</main>
"""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", help="name of the production")
    parser.add_argument("sequence", help="name of the sequence")
    parser.add_argument("--output", default="contact_sheet.html")
    options = parser.parse_args()

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    project = gazu.project.get_project_by_name(options.project)
    sequence = project and gazu.shot.get_sequence_by_name(
        project, options.sequence
    )
    if sequence is None:
        sys.exit(f"{options.project} / {options.sequence} was not found.")

    figures = []
    shots = gazu.shot.all_shots_for_sequence(sequence)
    with tempfile.TemporaryDirectory() as folder:
        for shot in sorted(shots, key=lambda shot: shot["name"]):
            picture = "<div></div>"
            if shot["preview_file_id"]:
                path = os.path.join(folder, shot["id"] + ".png")
                gazu.files.download_preview_file_thumbnail(
                    shot["preview_file_id"], path
                )
                with open(path, "rb") as file:
                    data = base64.b64encode(file.read()).decode()
                picture = f'<img alt="" src="data:image/png;base64,{data}">'
            name = html.escape(shot["name"])
            figures.append(
                f"<figure>{picture}<figcaption>{name}</figcaption></figure>"
            )
    title = html.escape(f"{project['name']} / {sequence['name']}")
    with open(options.output, "w", encoding="utf-8") as page:
        page.write(PAGE.format(title=title, figures="\n".join(figures)))
    print(f"{options.output}: {len(figures)} shots")


if __name__ == "__main__":
    main()
