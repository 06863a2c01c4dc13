package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.Finder;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which class of the app holds which open descriptor: a walk from the static fields and the threads to every object that has one. What only a
 * local variable or native code holds is not found.
 */
public final class OpenFiles implements Finder {
    /** Objects that have the number of a descriptor in a field, and the field's name; subclasses too. */
    private static final String[][] HOLDERS = {
        {"java.io.FileDescriptor", "fd"},
        {"sun.nio.fs.LinuxWatchService$Poller", "ifd"},
        {"io.netty.channel.unix.FileDescriptor", "fd"},
    };
    /** Descriptors 0 to 2 are the container's. */
    private static final int FIRST = 3;

    private final ObjectWalk walk = new ObjectWalk();
    private final Method threads = Reflect.method(Thread.class, "getThreads");

    public OpenFiles() throws ReflectiveOperationException {
    }

    @Override
    public void find(BeforeDump dump) throws ReflectiveOperationException {
        Map<Integer, Map<String, Object>> open = new TreeMap<>();
        ObjectWalk.Visitor visitor = (object, via, holder) -> {
            Integer descriptor = descriptorOf(object);
            if (descriptor != null && descriptor >= FIRST && !open.containsKey(descriptor)) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("fd", descriptor);
                entry.put("kind", kind(object, via));
                entry.put("holder", holder == null ? "" : holder);
                open.put(descriptor, entry);
            }
        };
        // The app's own fields first: what it holds is reached from the JDK's as well, but only there it has a name that helps.
        List<Class<?>> ofJdk = new ArrayList<>();
        for (Class<?> type : dump.loadedClasses()) {
            if (ObjectWalk.isOfApp(type)) {
                walk.addStatics(type);
            } else {
                ofJdk.add(type);
            }
        }
        for (Thread thread : (Thread[]) threads.invoke(null)) {
            walk.add(thread);
        }
        walk.run(visitor);
        for (Class<?> type : ofJdk) {
            walk.addStatics(type);
        }
        walk.run(visitor);
        dump.found("open", new ArrayList<Object>(open.values()));
        if (walk.isCutShort()) {
            dump.warn("the app has too many objects for all of them to be looked at: not every holder of a descriptor is known");
        }
    }

    /** A FileDescriptor says nothing, the stream or channel around it does. */
    private static String kind(Object object, Class<?> via) {
        return object.getClass().getName().equals("java.io.FileDescriptor") ? via.getName()
                : object.getClass().getName().replace("$Poller", "");
    }

    private Integer descriptorOf(Object object) throws ReflectiveOperationException {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (String[] holder : HOLDERS) {
                if (type.getName().equals(holder[0])) {
                    return walk.intField(object, type, holder[1]);
                }
            }
        }
        return null;
    }
}
