"""
Render the current frame of a scene in Blender, Maya or Houdini, and publish it.

    blender lama.blend --background --python publish_from_application.py
    mayapy publish_from_application.py lama.ma
    hython publish_from_application.py lama.hip /out/turntable

KITSU_TASK names the task: Caminandes/Lama/Modeling, or Caminandes/SE01/SH01/Animation for
a shot. The host and the login are read from KITSU_HOST, KITSU_LOGIN and KITSU_PASSWORD.
In the script editor of an application, call publish().
"""

import importlib.util
import os
import sys
import tempfile

import gazu


def render_blender(path):
    """Render with the settings of the scene."""
    import bpy

    scene = bpy.context.scene
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = path
    bpy.ops.render.render(write_still=True)


def render_maya(path):
    """Make a playblast of one frame."""
    from maya import cmds

    if len(sys.argv) > 1 and not cmds.file(query=True, sceneName=True):
        cmds.file(sys.argv[1], open=True, force=True)
    cmds.playblast(
        completeFilename=path,
        frame=cmds.currentTime(query=True),
        format="image",
        compression="png",
        widthHeight=(1920, 1080),
        percent=100,
        viewer=False,
        showOrnaments=False,
        offScreen=True,
    )


def render_houdini(path):
    """Render a node below /out."""
    import hou

    scene, node = sys.argv[1:3]
    if not hou.isUIAvailable():
        hou.hipFile.load(scene)
    frame = hou.frame()
    hou.node(node).render(frame_range=(frame, frame), output_file=path)


APPLICATIONS = {
    "bpy": render_blender,
    "maya": render_maya,
    "hou": render_houdini,
}


def find_task(path):
    """Return the task with a path, such as Caminandes/Lama/Modeling."""
    project_name, *between, entity_name, task_type_name = path.split("/")
    project = gazu.project.get_project_by_name(project_name)
    task_type = gazu.task.get_task_type_by_name(task_type_name)
    if None in (project, task_type):
        sys.exit("The production or the task type is not known: " + path)
    if between:
        sequence = gazu.shot.get_sequence_by_name(project, between[0])
        entity = sequence and gazu.shot.get_shot_by_name(sequence, entity_name)
    else:
        entity = gazu.asset.get_asset_by_name(project, entity_name)
    task = entity and gazu.task.get_task_by_entity(entity, task_type)
    if task is None:
        sys.exit("There is no such task: " + path)
    return task


def publish(task_path, text="", status_name="wfa"):
    """Render the current frame, publish it to a task, and return the preview."""
    render = next(
        (
            render
            for module, render in APPLICATIONS.items()
            if importlib.util.find_spec(module)
        ),
        None,
    )
    if render is None:
        sys.exit("Run this in Blender, Maya or Houdini.")
    # Log in and look before rendering, which may take long.
    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    task = find_task(task_path)
    status = gazu.task.get_task_status_by_short_name(status_name)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "frame.png")
        render(path)
        _, preview = gazu.task.publish_preview(
            task, status, comment=text, preview_file_path=path
        )
    return preview


if __name__ == "__main__":
    published = publish(os.environ["KITSU_TASK"])
    print(f"published v{published['revision']}")
