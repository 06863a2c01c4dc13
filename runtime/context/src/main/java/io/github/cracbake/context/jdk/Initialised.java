package io.github.cracbake.context.jdk;

import java.lang.reflect.Method;

/** Whether a class is initialised, without initialising it. */
final class Initialised {
    private final JdkUnsafe unsafe = new JdkUnsafe();
    private final Method shouldBe = unsafe.method("shouldBeInitialized", Class.class);

    Initialised() throws ReflectiveOperationException {
    }

    boolean is(Class<?> type) throws ReflectiveOperationException {
        return !(Boolean) shouldBe.invoke(unsafe.instance, type);
    }
}
