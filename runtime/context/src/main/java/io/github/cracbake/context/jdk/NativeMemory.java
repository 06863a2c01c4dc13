package io.github.cracbake.context.jdk;

import java.lang.reflect.Method;

/** Memory outside the heap. */
final class NativeMemory {
    private final JdkUnsafe unsafe = new JdkUnsafe();
    private final Method getAddress = unsafe.method("getAddress", long.class);
    private final Method putAddress = unsafe.method("putAddress", long.class, long.class);
    private final Method allocate = unsafe.method("allocateMemory", long.class);
    private final Method free = unsafe.method("freeMemory", long.class);
    private final Method copy = unsafe.method("copyMemory", Object.class, long.class, Object.class, long.class, long.class);
    private final long arrayBase;

    NativeMemory() throws ReflectiveOperationException {
        arrayBase = ((Number) unsafe.method("arrayBaseOffset", Class.class).invoke(unsafe.instance, byte[].class)).longValue();
    }

    int pointerBytes() throws ReflectiveOperationException {
        return (Integer) unsafe.method("addressSize").invoke(unsafe.instance);
    }

    long getAddress(long at) throws ReflectiveOperationException {
        return (Long) getAddress.invoke(unsafe.instance, at);
    }

    void putAddress(long at, long value) throws ReflectiveOperationException {
        putAddress.invoke(unsafe.instance, at, value);
    }

    long allocate(long bytes) throws ReflectiveOperationException {
        return (Long) allocate.invoke(unsafe.instance, bytes);
    }

    void free(long address) throws ReflectiveOperationException {
        free.invoke(unsafe.instance, address);
    }

    void copy(byte[] from, long to) throws ReflectiveOperationException {
        copy.invoke(unsafe.instance, from, arrayBase, null, to, (long) from.length);
    }

    /** An object whose constructor did not run: all its fields are zero. */
    Object zeroed(Class<?> instanceOf) throws ReflectiveOperationException {
        return unsafe.method("allocateInstance", Class.class).invoke(unsafe.instance, instanceOf);
    }
}
