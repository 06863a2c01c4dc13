package io.github.cracbake.context.jdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * libc's {@code environ}: an array of pointers to {@code NAME=value}, ended by a null pointer (environ(7)); what child processes inherit, and
 * what {@code getenv} in native code reads.
 */
final class LibcEnvironment {
    private static final int POINTER = 8;

    private final NativeMemory memory = new NativeMemory();
    /** Address of the variable, not of the array. */
    private final long environ;

    LibcEnvironment() throws ReflectiveOperationException {
        if (memory.pointerBytes() != POINTER) {
            throw new UnsupportedOperationException("not a 64-bit JVM");
        }
        environ = NativeSymbols.find("environ");
        if (environ == 0) {
            throw new UnsupportedOperationException("libc has no symbol 'environ'");
        }
    }

    /** The old array and the new one stay allocated: native code may hold pointers into them. */
    void replace(List<byte[]> entries) throws ReflectiveOperationException {
        memory.putAddress(environ, allocate(entries));
    }

    void rehearse(List<byte[]> entries) throws ReflectiveOperationException {
        long array = allocate(entries);
        memory.putAddress(array, memory.getAddress(environ));
        memory.free(array);
    }

    /** One block: the pointers, the null pointer, the strings. */
    private long allocate(List<byte[]> entries) throws ReflectiveOperationException {
        int strings = POINTER * (entries.size() + 1);
        int size = strings;
        for (byte[] entry : entries) {
            size += entry.length + 1;
        }
        long address = memory.allocate(size);
        ByteBuffer block = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        int at = strings;
        for (byte[] entry : entries) {
            block.putLong(address + at);
            at += entry.length + 1;
        }
        block.putLong(0);
        for (byte[] entry : entries) {
            block.put(entry).put((byte) 0);
        }
        memory.copy(block.array(), address);
        return address;
    }
}
