package io.github.cracbake.context.jdk;

import java.lang.reflect.Method;

/** Whether a class is initialised, without initialising it. */
final class Initialised {
    private final Object unsafe;
    private final Method shouldBe;

    Initialised() throws ReflectiveOperationException {
        Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
        unsafe = Reflect.method(type, "getUnsafe").invoke(null);
        shouldBe = Reflect.method(type, "shouldBeInitialized", Class.class);
    }

    boolean is(Class<?> type) throws ReflectiveOperationException {
        return !(Boolean) shouldBe.invoke(unsafe, type);
    }
}
