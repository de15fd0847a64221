"""
The measured cases. Each runs in a separate process, with either package.

    python cases.py CASE HOST FOLDER SIZE

Prints a JSON object with ``seconds``, ``cpu`` (the CPU seconds of this process),
``memory`` (the increase of the resident memory in bytes), ``above`` (how much of it
is free again when the result is there) and the case's own numbers.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import payloads


def get(gazu, folder, size):
    for _ in range(size):
        gazu.client.get("data/small")


def shots(gazu, folder, size):
    found = gazu.shot.all_shots_for_project(payloads.PROJECT)
    assert len(found) == size, len(found)
    return found


def board(gazu, folder, size):
    """Read all shots of a project and their tasks, as each package can."""
    read = getattr(gazu.shot, "all_shots_with_tasks", None)
    if read is None:
        return loop(gazu, folder, size)
    return complete(read(payloads.PROJECT), size)


def loop(gazu, folder, size):
    """Do the same with one request after the other."""
    found = gazu.shot.all_shots_for_project(payloads.PROJECT)
    for shot in found:
        shot["tasks"] = gazu.task.all_tasks_for_shot(shot)
    return complete(found, size)


def at_once(gazu, folder, size):
    """Do the same with concurrent requests."""
    found = gazu.shot.all_shots_for_project(payloads.PROJECT)
    ask = gazu.task.all_tasks_for_shot
    calls = [gazu.client.call(ask, shot) for shot in found]
    for shot, tasks in zip(found, gazu.client.run_all(calls)):
        shot["tasks"] = tasks
    return complete(found, size)


def complete(shots, size):
    assert sum(len(shot["tasks"]) for shot in shots) == 5 * size
    return shots


def again(gazu, folder, size):
    """Read a board that has not changed, which upstream reads as ever."""
    board(gazu, folder, size)


def know_board(gazu, folder, size):
    """Read the board until the server need not send it."""
    if getattr(gazu.shot, "all_shots_with_tasks", None) is None:
        return
    from gazu._engine import kept

    kept.SETTLING = 0.0
    gazu.client.default_client.access_token = "token"
    gazu.cache.enable(revalidate=True)
    for _ in range(3):
        board(gazu, folder, size)
    assert gazu.cache.get_infos()["unchanged"] == 1


def rows(gazu, folder, size):
    """Do the same, where possible, without keeping what has been read."""
    read = getattr(gazu.shot, "iter_shots_with_tasks", None)
    if read is None:
        board(gazu, folder, size)
    else:
        tasks = sum(len(row["tasks"]) for row in read(payloads.PROJECT))
        assert tasks == 5 * size


def post(gazu, folder, size):
    gazu.client.post("data/entities", ENTITIES)


def upload(gazu, folder, size):
    path = os.path.join(folder, "upload.mov")
    gazu.client.upload("data/upload", path, progress_callback=progress)


def download(gazu, folder, size):
    path = os.path.join(folder, "download.mov")
    gazu.client.download("bytes/%d" % size, path, progress_callback=progress)
    assert os.path.getsize(path) == size


def save(gazu, folder, size):
    """Download without a progress callback."""
    path = os.path.join(folder, "download.mov")
    gazu.client.download("bytes/%d" % size, path)
    assert os.path.getsize(path) == size


def threads(gazu, folder, size):
    def work():
        for _ in range(size // 16):
            gazu.client.get("data/small")

    workers = [threading.Thread(target=work) for _ in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def stall(gazu, folder, size):
    """Measure the longest pause of a thread that ticks a thousand times per second."""
    pauses, running = [], [True]

    def tick():
        last = time.perf_counter()
        while running:
            time.sleep(0.001)
            now = time.perf_counter()
            pauses.append(now - last)
            last = now

    ticker = threading.Thread(target=tick)
    ticker.start()
    time.sleep(0.05)
    del pauses[:]
    kept = shots(gazu, folder, size)
    running.clear()
    ticker.join()
    EXTRA["stall"] = max(pauses)
    return kept


def beside(gazu, folder, size):
    """Receive lists while another thread computes, which stands while it has no GIL."""
    running, found = [True], {}

    def compute():
        start, (ran, queued) = time.perf_counter(), scheduled()
        while running:
            pass
        now, (ran_now, queued_now) = time.perf_counter(), scheduled()
        # The time in which it waited for a processor is not the GIL's.
        found["stood"] = now - start - (ran_now - ran) - (queued_now - queued)

    computer = threading.Thread(target=compute)
    computer.start()
    for _ in range(LISTS):
        kept = shots(gazu, folder, size)
    running.clear()
    computer.join()
    EXTRA["stood"] = found["stood"] / LISTS
    return kept


def scheduled():
    """Return the seconds this thread has run, and those it has waited for a processor."""
    with open("/proc/thread-self/schedstat") as status:
        ran, queued, _ = status.read().split()
    return int(ran) / 1e9, int(queued) / 1e9


def pages(gazu, folder, size):
    entries = gazu.client.fetch_all("pages", paginated=True)
    assert len(entries) == size, len(entries)


def awaits(gazu, folder, size):
    import asyncio

    width, count = size, 4000

    async def work():
        client = gazu.aio.AsyncKitsuClient(gazu.get_host())
        numbers = iter(range(count))

        async def ask():
            for _ in numbers:
                await gazu.aio.get("data/small", client=client)

        await gazu.aio.get("data/small", client=client)
        cpu, start = time.process_time(), time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(width)))
        EXTRA["each"] = (time.perf_counter() - start) / count
        EXTRA["each_cpu"] = (time.process_time() - cpu) / count
        await client.session.close()

    asyncio.run(work())


def awaits_on_uvloop(gazu, folder, size):
    sys.path.append(os.path.join(folder, "packages"))
    import uvloop

    uvloop.install()
    awaits(gazu, folder, size)


def run_all(gazu, folder, size):
    call = gazu.client.call(gazu.client.get, "data/small")
    gazu.client.run_all([call] * size)


def copy(gazu, folder, size, **options):
    """Copy a production to a server, which is the same under another name."""
    host = gazu.get_host()
    source = gazu.client.create_client(host)
    target = gazu.client.create_client(host.replace("127.0.0.1", "localhost"))
    project = {"id": payloads.PROJECT, "production_type": "short"}
    sides = project, project, source, target
    gazu.sync.push_project_entities(*sides)
    gazu.sync.push_tasks(project, project, payloads.PROJECT, source, target)
    tasks = gazu.sync.push_tasks_comments(project, source, target, **options)
    assert len(tasks) == size, len(tasks)


def copy_at_once(gazu, folder, size):
    """Copy it, where possible, with 16 entities at once."""
    # Upstream's version has no part of our own.
    is_ours = hasattr(gazu, "publish")
    copy(gazu, folder, size, **({"concurrency": 16} if is_ours else {}))


def thumbnails(gazu, folder, size):
    """Download the thumbnails of a project into an empty folder."""
    target = tempfile.mkdtemp(dir=folder)
    previews = list(map(payloads.preview, range(size)))
    if hasattr(gazu.files, "download_many"):
        gazu.files.download_many(previews, target)
    else:
        for preview in previews:
            path = os.path.join(target, preview["id"] + ".png")
            gazu.files.download_preview_file_thumbnail(preview, path)
    found = [name for name in os.listdir(target) if name[0] != "."]
    assert len(found) == size, len(found)


def journal(gazu, folder, size):
    """Publish with a journal. Upstream has none."""
    os.environ["GAZU_PUBLISH_FOLDER"] = tempfile.mkdtemp(dir=folder)
    path = os.path.join(folder, "preview.mov")
    task = status = payloads.PROJECT
    for number in range(size):
        text = "v%03d" % number
        if hasattr(gazu, "publish"):
            gazu.publish.start(task, status, text, path).run()
        else:
            gazu.task.publish_preview(
                task,
                status,
                text,
                preview_file_path=path,
                set_thumbnail=True,
            )


def events(gazu, folder, size):
    """Handle events, and measure the time from the first to the last."""
    program = os.path.join(os.path.dirname(__file__), "event_server.py")
    server = subprocess.Popen(
        [sys.executable, program, str(size)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        port = int(server.stdout.readline())
        gazu.set_event_host("http://127.0.0.1:%d" % port)
        gazu.set_token("a token")
        client = gazu.events.init()
        numbers, done = [], threading.Event()

        def handle(data):
            numbers.append(data["number"])
            if len(numbers) == size:
                done.set()

        gazu.events.add_listener(client, "task:update", handle)
        cpu, start = time.process_time(), time.perf_counter()
        client.emit("begin", namespace="/events")
        assert done.wait(120), len(numbers)
        EXTRA["handled"] = time.perf_counter() - start
        EXTRA["handled_cpu"] = time.process_time() - cpu
        assert sorted(numbers) == list(range(size))
        client.disconnect()
    finally:
        server.kill()
        server.communicate()


def progress(done, total):
    """Do nothing. Scripts usually pass a progress callback."""


CASES = {
    case.__name__: case
    for case in (
        get,
        shots,
        board,
        loop,
        at_once,
        again,
        rows,
        post,
        upload,
        download,
        save,
        threads,
        stall,
        beside,
        pages,
        awaits,
        awaits_on_uvloop,
        run_all,
        copy,
        copy_at_once,
        thumbnails,
        journal,
        events,
    )
}
EXTRA = {}
#: How many lists are received beside a thread that computes.
LISTS = 3


def resident(line):
    with open("/proc/self/status") as status:
        for row in status:
            if row.startswith(line):
                return int(row.split()[1]) << 10
    raise LookupError(line)


def forget_peak():
    with open("/proc/self/clear_refs", "w") as control:
        control.write("5")


def main():
    name, host, folder, size = sys.argv[1:]
    size = int(size)
    import gazu

    gazu.set_host(host)
    # The first request opens the connection, and the modules are executed at their first
    # use. Neither is measured.
    gazu.client.get("data/small")
    assert gazu.shot.all_shots_for_project
    assert gazu.task.all_tasks_for_shot
    if name == "post":
        global ENTITIES
        ENTITIES = payloads.entities(size)
    if name == "again":
        know_board(gazu, folder, size)
    forget_peak()
    before = resident("VmRSS:")
    cpu, start = time.process_time(), time.perf_counter()
    kept = CASES[name](gazu, folder, size)
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    memory = resident("VmHWM:") - before
    EXTRA["above"] = resident("VmHWM:") - resident("VmRSS:")
    del kept
    print(json.dumps(dict(EXTRA, seconds=seconds, cpu=cpu, memory=memory)))


if __name__ == "__main__":
    main()
