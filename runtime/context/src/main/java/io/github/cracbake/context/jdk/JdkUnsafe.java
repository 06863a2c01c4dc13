package io.github.cracbake.context.jdk;

import java.lang.reflect.Method;

/**
 * {@code jdk.internal.misc.Unsafe} (OpenJDK 11 to 25). Not {@code sun.misc.Unsafe}: that one warns on JDK 24 and later, and is in a module that a
 * custom run-time image may lack.
 */
final class JdkUnsafe {
    /** What its methods are invoked on. */
    final Object instance;
    private final Class<?> type;

    JdkUnsafe() throws ReflectiveOperationException {
        type = Class.forName("jdk.internal.misc.Unsafe");
        instance = method("getUnsafe").invoke(null);
    }

    Method method(String name, Class<?>... parameters) throws NoSuchMethodException {
        return Reflect.method(type, name, parameters);
    }
}
