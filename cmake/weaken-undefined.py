"""weaken-undefined.py MODULE.so: lets the loader accept the module in a clang-tidy of another LLVM.

The module takes every symbol of clang and LLVM from its host. When a host of another release lacks one,
the loader refuses the module with the mangled name of that symbol; clang-tidy then goes on without our
checks, and may even end with 0. With these symbols weak the module is loaded, and its guard (see
checks/Module.cpp), which runs before anything else in it, ends the process with a message that tells
what to do. In the right host nothing changes: weak symbols are bound like others.
"""
import struct
import sys

SHT_DYNSYM, STB_GLOBAL, STB_WEAK = 11, 1, 2

with open(sys.argv[1], "r+b") as file:
    image = bytearray(file.read())
    assert image[:6] == b"\x7fELF\x02\x01", "an ELF file of 64 bits, least significant byte first"
    start, = struct.unpack_from("<Q", image, 0x28)
    size, count = struct.unpack_from("<HH", image, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", image, start + i * size) for i in range(count)]
    for _, kind, _, _, offset, length, link, _, _, entry in sections:
        if kind != SHT_DYNSYM:
            continue
        names = sections[link][4]
        for at in range(offset, offset + length, entry):
            name, info, _, section = struct.unpack_from("<IBBH", image, at)
            text = image[names + name:image.index(0, names + name)]
            if section == 0 and info >> 4 == STB_GLOBAL and (b"4llvm" in text or b"5clang" in text):
                image[at + 4] = STB_WEAK << 4 | info & 15
    file.seek(0)
    file.write(image)
