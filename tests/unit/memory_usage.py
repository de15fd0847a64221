"""Parts of programs that measure their memory: MEASURE comes first, REPORT last."""

import sysconfig

MEASURE = """
    import sys, time
    import gazu
    from gazu import client as raw

    def resident(line="VmHWM:"):
        with open("/proc/self/status") as status:
            for row in status:
                if row.startswith(line):
                    return int(row.split()[1]) << 10

    client = raw.create_client(sys.argv[1])
    client.retries = 1
    raw.get("data/warm", client=client)
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass
    before = resident("VmRSS:")

    def failure(call):
        try:
            call()
        except Exception as error:
            return type(error).__name__
        return "none"
"""
USABLE = 'assert raw.get("data/warm", client=client) == {}'
REPORT = "print(resident() - before)"
MIB = 1 << 20
#: What the allocator of Python without the GIL keeps of large objects that are freed.
KEPT_BY_PYTHON = 64 * MIB if sysconfig.get_config_var("Py_GIL_DISABLED") else 0


def lines_and_growth(process):
    """Return the lines printed before REPORT, and the bytes by which memory grew."""
    *lines, grown = process.stdout.split()
    return lines, int(grown)


def growth(process):
    """Return the bytes by which the memory of the program grew."""
    return lines_and_growth(process)[1]
