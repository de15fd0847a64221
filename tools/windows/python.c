/* python.exe: runs the interpreter in the library beside it, whose name is PYTHON_DLL. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

typedef int (*main_function)(int, wchar_t **);

int wmain(int count, wchar_t **arguments)
{
    HMODULE library = LoadLibraryW(PYTHON_DLL);
    main_function run = library ? (main_function)(void *)GetProcAddress(library, "Py_Main") : NULL;
    if (!run) {
        fprintf(stderr, "cannot load %ls: error %lu\n", PYTHON_DLL, GetLastError());
        return 120;
    }
    return run(count, arguments);
}
