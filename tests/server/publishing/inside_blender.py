"""Run inside Blender: render a frame, publish it, read it back; listen while it renders.

    blender --background --python-exit-code 1 --python inside_blender.py
    python inside_blender.py          # where Blender is the module bpy

KITSU_HOST, KITSU_EVENT_HOST, KITSU_LOGIN, KITSU_PASSWORD and KITSU_TASK say where to;
GAZU_PATH is the folder with gazu, unless it is installed. The last line printed is JSON.
It ends while it listens, as a Blender that is closed does.
"""

import json
import os
import sys
import tempfile
import threading
import time

import bpy

if os.environ.get("GAZU_PATH"):
    sys.path.insert(0, os.environ["GAZU_PATH"])

import gazu

WIDTH, HEIGHT = 32, 18


def render(path):
    """Render a frame of a red cube before a blue world, on the processor."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = 4
    # The Blender of a Linux distribution has no denoiser.
    scene.cycles.use_denoising = False
    scene.render.resolution_x, scene.render.resolution_y = WIDTH, HEIGHT
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.filepath = path
    scene.world = bpy.data.worlds.new("sky")
    scene.world.color = (0.0, 0.1, 0.8)
    bpy.ops.mesh.primitive_cube_add(size=2)
    red = bpy.data.materials.new("red")
    red.diffuse_color = (0.8, 0.0, 0.0, 1.0)
    red.use_nodes = True
    shader = red.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (0.8, 0.0, 0.0, 1.0)
    bpy.context.object.data.materials.append(red)
    bpy.ops.object.light_add(type="SUN", location=(4, -4, 6))
    bpy.ops.object.camera_add(location=(4, -4, 3), rotation=(1.1, 0.0, 0.785))
    scene.camera = bpy.context.object
    bpy.ops.render.render(write_still=True)


def pixels(path):
    """Return the pixels of a picture, as Blender reads them."""
    image = bpy.data.images.load(path)
    values = [round(value, 3) for value in image.pixels[:]]
    size = list(image.size)
    bpy.data.images.remove(image)
    return size, values


def publish(rendered, folder):
    """Publish a picture on the task; return what came back, and the progress."""
    task = gazu.task.get_task(os.environ["KITSU_TASK"])
    wfa = gazu.task.get_task_status_by_short_name("wfa")
    comment = gazu.task.add_comment(task, wfa, "Rendered in Blender")
    preview = gazu.task.add_preview(task, comment, rendered)
    gazu.task.set_main_preview(preview)
    back = os.path.join(folder, "back.png")
    gazu.files.download_preview_file(preview, back)
    return preview, back


def listen():
    """Render until an event arrives meanwhile. Return the ids of the new assets and of
    the events, and how many of these came while a frame was rendered."""
    project = gazu.project.all_open_projects()[0]
    kind = gazu.asset.all_asset_types()[0]
    made, heard, is_rendering, is_over = [], [], [], threading.Event()

    def handle(data):
        heard.append((data["asset_id"], bool(is_rendering)))

    def work():
        while not is_over.is_set():
            name = "Blender {}".format(len(made))
            made.append(gazu.asset.new_asset(project, kind, name)["id"])

    events = gazu.events.init()
    gazu.events.add_listener(events, "asset:new", handle)
    threading.Thread(
        target=gazu.events.run_client, args=(events,), daemon=True
    ).start()
    worker = threading.Thread(target=work)
    worker.start()
    limit = time.monotonic() + 300
    bpy.context.scene.cycles.samples = 64
    while not any(meanwhile for _, meanwhile in heard):
        assert time.monotonic() < limit, "no event arrived during a frame"
        is_rendering.append(True)
        bpy.ops.render.render()
        is_rendering.clear()
    is_over.set()
    worker.join()
    while len(heard) < len(made):
        assert time.monotonic() < limit, "not all events arrived"
        time.sleep(0.05)
    ids = [id for id, _ in heard]
    return made, ids, sum(meanwhile for _, meanwhile in heard)


def main():
    folder = tempfile.mkdtemp()
    rendered = os.path.join(folder, "frame.png")
    render(rendered)
    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.set_event_host(os.environ["KITSU_EVENT_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    # Add-ons do so, so that the user interface is not blocked.
    results = []
    thread = threading.Thread(
        target=lambda: results.append(publish(rendered, folder))
    )
    thread.start()
    thread.join()
    preview, back = results[0]
    size, sent = pixels(rendered)
    size_back, got = pixels(back)
    made, heard, meanwhile = listen()
    print(
        json.dumps(
            {
                "blender": bpy.app.version_string,
                "python": sys.version.split()[0],
                "gazu": gazu.__file__,
                "preview": preview["id"],
                "size": size,
                "events": len(made) > 0 and heard == made,
                "meanwhile": meanwhile,
                "same": size == size_back and sent == got,
                "colours": len(
                    {tuple(sent[i : i + 4]) for i in range(0, len(sent), 4)}
                ),
            }
        )
    )


if __name__ == "__main__":
    main()
