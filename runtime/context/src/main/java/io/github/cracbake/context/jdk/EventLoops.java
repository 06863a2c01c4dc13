package io.github.cracbake.context.jdk;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Netty's event loops, also those of a copy of Netty in another package. */
final class EventLoops {
    /** From 4.0 on. */
    private static final String BASE = "io.netty.util.concurrent.AbstractScheduledEventExecutor";
    /** Objects to look at for one thread; Netty has four or five around a loop. */
    private static final int MOST = 200;

    private EventLoops() {
    }

    /** The loop that a thread runs, from the object that the thread was given to run; null for any other thread. */
    static Object of(Thread thread, Object task) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Object> next = new ArrayDeque<>();
        offer(task, seen, next);
        while (!next.isEmpty() && seen.size() < MOST) {
            Object object = next.remove();
            if (base(object.getClass()) == null) {
                offerFields(object, seen, next);
            } else if (runs(object, thread)) {
                return object;
            }
        }
        return null;
    }

    /** The class of Netty's whose fields and clock all loops have; null where a class is no loop. */
    static Class<?> base(Class<?> type) {
        Class<?> each = type;
        while (each != null && !each.getName().endsWith(BASE)) {
            each = each.getSuperclass();
        }
        return each;
    }

    private static boolean runs(Object loop, Thread thread) {
        try {
            return (Boolean) Reflect.method(loop.getClass(), "inEventLoop", Thread.class).invoke(loop, thread);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unlike) {
            return false;
        }
    }

    private static void offerFields(Object object, Set<Object> seen, ArrayDeque<Object> next) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            try {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && field.trySetAccessible()) {
                        offer(field.get(object), seen, next);
                    }
                }
            } catch (ReflectiveOperationException | RuntimeException | LinkageError incomplete) {
                // A class with fields of classes that are not there.
            }
        }
    }

    private static void offer(Object object, Set<Object> seen, ArrayDeque<Object> next) {
        if (object != null && !object.getClass().isArray() && ObjectWalk.isOfApp(object.getClass()) && seen.add(object)) {
            next.add(object);
        }
    }
}
