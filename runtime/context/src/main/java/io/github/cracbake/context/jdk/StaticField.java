package io.github.cracbake.context.jdk;

import java.lang.reflect.Field;

/** A static field of the JDK that is looked at only once its class is in use: nothing in a class that is not can be stale. */
final class StaticField {
    private final Initialised initialised;
    private final Class<?> owner;
    private final Field field;

    StaticField(Initialised initialised, String className, String name) throws ReflectiveOperationException {
        this(initialised, Reflect.bootClass(className), name);
    }

    StaticField(Initialised initialised, Class<?> owner, String name) throws ReflectiveOperationException {
        this.initialised = initialised;
        this.owner = owner;
        field = Reflect.field(owner, name);
    }

    /** Null where the class is not in use. */
    Object get() throws ReflectiveOperationException {
        return initialised.is(owner) ? field.get(null) : null;
    }

    void set(Object value) throws ReflectiveOperationException {
        if (initialised.is(owner)) {
            field.set(null, value);
        }
    }
}
