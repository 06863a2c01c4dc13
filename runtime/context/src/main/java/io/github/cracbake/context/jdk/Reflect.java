package io.github.cracbake.context.jdk;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Accessible members, also of superclasses. */
final class Reflect {
    private Reflect() {
    }

    /** Loaded, but not initialised. */
    static Class<?> bootClass(String name) throws ClassNotFoundException {
        return Class.forName(name, false, null);
    }

    static Field field(Class<?> of, String name) throws NoSuchFieldException {
        for (Class<?> type = of; type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(of.getName() + "." + name);
    }

    static Method method(Class<?> of, String name, Class<?>... parameters) throws NoSuchMethodException {
        for (Class<?> type = of; type != null; type = type.getSuperclass()) {
            try {
                Method method = type.getDeclaredMethod(name, parameters);
                method.setAccessible(true);
                return method;
            } catch (NoSuchMethodException inherited) {
                // Perhaps in the superclass.
            }
        }
        throw new NoSuchMethodException(of.getName() + "." + name);
    }

    static Object get(Object from, String name) throws ReflectiveOperationException {
        return field(from.getClass(), name).get(from);
    }
}
