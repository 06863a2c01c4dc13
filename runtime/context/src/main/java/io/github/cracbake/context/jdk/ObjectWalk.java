package io.github.cracbake.context.jdk;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From object to object by their fields, the nearest first, by {@code jdk.internal.misc.Unsafe}: reflection may not look into modules that are
 * not open. Weak references and the JDK's cleaners hold nothing that matters.
 */
final class ObjectWalk {
    /** Objects; a visited one takes about 30 bytes for as long as the walk goes. */
    private static final int MOST = 1_500_000;
    private static final long MOST_NANOS = 5_000_000_000L;
    /** So often the clock is looked at. */
    private static final int STRIDE = 4096;

    interface Visitor {
        /**
         * @param via the class of the object through which this one was reached
         * @param holder class and field of the app on the way to it, the last one; null where there is none
         */
        void visit(Object object, Class<?> via, String holder) throws ReflectiveOperationException;
    }

    private final JdkUnsafe unsafe = new JdkUnsafe();
    private final Method getReference = referenceGetter(unsafe);
    private final Method getInt = unsafe.method("getInt", Object.class, long.class);
    private final Method offset = unsafe.method("objectFieldOffset", Field.class);
    private final Method staticOffset = unsafe.method("staticFieldOffset", Field.class);
    private final Method staticBase = unsafe.method("staticFieldBase", Field.class);
    private final Initialised initialised = new Initialised();
    private final Map<Class<?>, Slot[]> slots = new HashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<Object, Boolean>());
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private final long end = System.nanoTime() + MOST_NANOS;
    private boolean cutShort;

    ObjectWalk() throws ReflectiveOperationException {
    }

    private static Method referenceGetter(JdkUnsafe unsafe) throws NoSuchMethodException {
        try {
            return unsafe.method("getReference", Object.class, long.class);
        } catch (NoSuchMethodException before12) {
            return unsafe.method("getObject", Object.class, long.class);
        }
    }

    /** Whether a class is not the JDK's and not ours. */
    static boolean isOfApp(Class<?> type) {
        String name = type.getName();
        return type.getClassLoader() != null && !name.startsWith("java.") && !name.startsWith("javax.") && !name.startsWith("jdk.")
                && !name.startsWith("sun.") && !name.startsWith("com.sun.") && !name.startsWith("io.github.cracbake.");
    }

    boolean isCutShort() {
        return cutShort;
    }

    void add(Object root) {
        offer(root, root.getClass(), null);
    }

    /** Adds what the static fields of a class hold, unless it is not initialised. */
    void addStatics(Class<?> type) {
        try {
            if (type.isArray() || type.isPrimitive() || !initialised.is(type)) {
                return;
            }
            String app = isOfApp(type) ? nameOf(type) : null;
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    long at = (Long) staticOffset.invoke(unsafe.instance, field);
                    Object value = getReference.invoke(unsafe.instance, staticBase.invoke(unsafe.instance, field), at);
                    offer(value, type, app == null ? null : app + "." + field.getName());
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError incomplete) {
            // A class with fields of classes that are not there.
        }
    }

    private void offer(Object value, Class<?> via, String holder) {
        if (value == null || value instanceof Class || value instanceof String || seen.size() >= MOST) {
            cutShort |= seen.size() >= MOST;
            return;
        }
        Class<?> type = value.getClass();
        if (type.isArray() && type.getComponentType().isPrimitive() || type.getName().startsWith("jdk.internal.ref.")) {
            return;
        }
        if (seen.add(value)) {
            queue.add(new Entry(value, via, holder));
        }
    }

    void run(Visitor visitor) throws ReflectiveOperationException {
        for (int count = 1; !queue.isEmpty(); count++) {
            if (count % STRIDE == 0 && System.nanoTime() > end) {
                cutShort = true;
                queue.clear();
                return;
            }
            Entry entry = queue.remove();
            Class<?> type = entry.object.getClass();
            if (type.isArray()) {
                for (Object element : (Object[]) entry.object) {
                    offer(element, entry.via, entry.holder);
                }
                continue;
            }
            visitor.visit(entry.object, entry.via, entry.holder);
            for (Slot slot : slotsOf(type)) {
                offer(getReference.invoke(unsafe.instance, entry.object, slot.offset), type, slot.holder == null ? entry.holder : slot.holder);
            }
        }
    }

    int intField(Object of, Class<?> declaring, String name) throws ReflectiveOperationException {
        long at = (Long) offset.invoke(unsafe.instance, declaring.getDeclaredField(name));
        return (Integer) getInt.invoke(unsafe.instance, of, at);
    }

    private Slot[] slotsOf(Class<?> type) throws ReflectiveOperationException {
        Slot[] known = slots.get(type);
        if (known == null) {
            List<Slot> found = new ArrayList<>();
            for (Class<?> each = type; each != null && each != Reference.class; each = each.getSuperclass()) {
                addSlots(each, found);
            }
            known = found.toArray(new Slot[0]);
            slots.put(type, known);
        }
        return known;
    }

    private void addSlots(Class<?> type, List<Slot> found) throws ReflectiveOperationException {
        Field[] fields;
        try {
            fields = type.getDeclaredFields();
        } catch (LinkageError incomplete) {
            return;
        }
        String app = isOfApp(type) ? nameOf(type) : null;
        for (Field field : fields) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                found.add(new Slot((Long) offset.invoke(unsafe.instance, field), app == null ? null : app + "." + field.getName()));
            }
        }
    }

    /** Without what is another one in each JVM. */
    private static String nameOf(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda);
    }

    private static final class Slot {
        final long offset;
        final String holder;

        Slot(long offset, String holder) {
            this.offset = offset;
            this.holder = holder;
        }
    }

    private static final class Entry {
        final Object object;
        final Class<?> via;
        final String holder;

        Entry(Object object, Class<?> via, String holder) {
            this.object = object;
            this.via = via;
            this.holder = holder;
        }
    }
}
