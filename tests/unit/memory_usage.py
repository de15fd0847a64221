"""The beginning and the end of a program that tells by how much it grew."""

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


def told(process):
    """What the program printed, and by how many bytes it grew."""
    *lines, grown = process.stdout.split()
    return lines, int(grown)
