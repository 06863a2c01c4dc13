package io.github.cracbake.context.jdk;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Static fields of the app's own classes that hold a {@code java.util.Random}. Such an object may have been seeded on purpose, so it is named and not changed.
 * Which classes have one is read from their constants: asking all classes for their fields would load the types of all fields.
 */
final class StaticRandoms {
    private static final String DESCRIPTOR = "Ljava/util/Random;";
    private static final int MOST = 50;
    private static final String UTF8 = "UTF8";
    /** Most of the classes of most apps are of these; to look into all of them took 300 ms in a small Spring app. */
    private static final String[] LIBRARIES = {
        "ch.qos.", "com.fasterxml.", "io.github.cracbake.", "io.micrometer.", "io.netty.", "io.quarkus.", "io.undertow.", "jakarta.", "javax.", "kotlin.",
        "net.bytebuddy.", "org.apache.", "org.crac.", "org.eclipse.", "org.hibernate.", "org.jboss.", "org.slf4j.", "org.springframework.", "scala.",
    };

    private final Initialised initialised;
    private final Method constants = Reflect.method(Class.class, "getConstantPool");
    private final Method size;
    private final Method tag;
    private final Method text;

    StaticRandoms(Initialised initialised) throws ReflectiveOperationException {
        this.initialised = initialised;
        Class<?> pool = Reflect.bootClass("jdk.internal.reflect.ConstantPool");
        size = Reflect.method(pool, "getSize");
        tag = Reflect.method(pool, "getTagAt", int.class);
        text = Reflect.method(pool, "getUTF8At", int.class);
    }

    /** {@code class.field} each, sorted. */
    List<String> find(Class<?>[] loaded) throws ReflectiveOperationException {
        TreeSet<String> found = new TreeSet<>();
        ClassLoader own = StaticRandoms.class.getClassLoader();
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        for (Class<?> type : loaded) {
            ClassLoader loader = type.getClassLoader();
            if (loader != null && loader != platform && loader != own && !type.isArray() && !isOfLibrary(type.getName())
                    && found.size() < MOST && initialised.is(type) && hasRandomField(type)) {
                addFields(type, found);
            }
        }
        return new ArrayList<>(found);
    }

    private static boolean isOfLibrary(String name) {
        for (String library : LIBRARIES) {
            if (name.startsWith(library)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRandomField(Class<?> type) throws ReflectiveOperationException {
        Object pool = constants.invoke(type);
        if (pool == null) {
            return false;
        }
        int count = (Integer) size.invoke(pool);
        for (int i = 1; i < count; i++) {
            if (isText(pool, i) && DESCRIPTOR.equals(text.invoke(pool, i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isText(Object pool, int i) throws IllegalAccessException {
        try {
            return tag.invoke(pool, i).toString().equals(UTF8);
        } catch (InvocationTargetException unknown) {
            // A kind of constant that is younger than this API.
            return false;
        }
    }

    private static void addFields(Class<?> type, TreeSet<String> found) {
        try {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == Random.class && field.trySetAccessible()) {
                    Object value = field.get(null);
                    // Secure ones are renewed.
                    if (value != null && !(value instanceof java.security.SecureRandom)) {
                        found.add(type.getName() + "." + field.getName());
                    }
                }
            }
        } catch (IllegalAccessException | LinkageError incomplete) {
            // A field of a type that is not on the class path: libraries have such.
        }
    }
}
