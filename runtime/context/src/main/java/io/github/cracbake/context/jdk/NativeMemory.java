package io.github.cracbake.context.jdk;

import java.lang.reflect.Method;

/**
 * Memory outside the heap, by {@code jdk.internal.misc.Unsafe} (OpenJDK 11 to 25). Not {@code sun.misc.Unsafe}: that one warns on JDK 24 and
 * later, and is in a module that a custom run-time image may lack.
 */
final class NativeMemory {
    private final Object unsafe;
    private final Class<?> type;
    private final Method getAddress;
    private final Method putAddress;
    private final Method allocate;
    private final Method free;
    private final Method copy;
    private final long arrayBase;

    NativeMemory() throws ReflectiveOperationException {
        type = Class.forName("jdk.internal.misc.Unsafe");
        unsafe = method("getUnsafe").invoke(null);
        getAddress = method("getAddress", long.class);
        putAddress = method("putAddress", long.class, long.class);
        allocate = method("allocateMemory", long.class);
        free = method("freeMemory", long.class);
        copy = method("copyMemory", Object.class, long.class, Object.class, long.class, long.class);
        arrayBase = ((Number) method("arrayBaseOffset", Class.class).invoke(unsafe, byte[].class)).longValue();
    }

    private Method method(String name, Class<?>... parameters) throws ReflectiveOperationException {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    int pointerBytes() throws ReflectiveOperationException {
        return (Integer) method("addressSize").invoke(unsafe);
    }

    long getAddress(long at) throws ReflectiveOperationException {
        return (Long) getAddress.invoke(unsafe, at);
    }

    void putAddress(long at, long value) throws ReflectiveOperationException {
        putAddress.invoke(unsafe, at, value);
    }

    long allocate(long bytes) throws ReflectiveOperationException {
        return (Long) allocate.invoke(unsafe, bytes);
    }

    void free(long address) throws ReflectiveOperationException {
        free.invoke(unsafe, address);
    }

    void copy(byte[] from, long to) throws ReflectiveOperationException {
        copy.invoke(unsafe, from, arrayBase, null, to, (long) from.length);
    }

    /** An object whose constructor did not run: all its fields are zero. */
    Object zeroed(Class<?> instanceOf) throws ReflectiveOperationException {
        return method("allocateInstance", Class.class).invoke(unsafe, instanceOf);
    }
}
