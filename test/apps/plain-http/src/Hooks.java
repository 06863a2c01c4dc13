import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** Hooks through reflection: org.crac is no dependency and comes from elsewhere, or is not there. */
final class Hooks {
    private static final List<Object> HELD = new ArrayList<>();
    private static final List<String> CALLS = new ArrayList<>();

    private Hooks() {
    }

    /** Kinds: ok, throw, hang, throw-after, hang-after, forgotten (registered, but nobody holds it); empty for none. */
    static void register(String kind) throws Exception {
        if (kind.isEmpty()) return;
        Class<?> type;
        try {
            type = Class.forName("org.crac.Resource");
        } catch (ClassNotFoundException e) {
            // A normal start must go on: a fallback has no agent that brings org.crac.
            System.out.println("hook " + kind + " not registered: no org.crac here");
            return;
        }
        Object resource = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            switch (method.getName()) {
                case "hashCode": return System.identityHashCode(proxy);
                case "equals": return proxy == args[0];
                case "toString": return "hook " + kind;
                default: return called(kind, method.getName());
            }
        });
        Object context = Class.forName("org.crac.Core").getMethod("getGlobalContext").invoke(null);
        Class.forName("org.crac.Context").getMethod("register", type).invoke(context, resource);
        if (!kind.equals("forgotten")) HELD.add(resource);
        System.out.println("registered hook " + kind);
    }

    private static Object called(String kind, String method) throws InterruptedException {
        System.out.println("hook " + kind + ": " + method);
        synchronized (CALLS) {
            CALLS.add('"' + method + '"');
        }
        String fault = method.equals("afterRestore") ? kind.replaceFirst("-after$", "") : kind;
        boolean meant = kind.endsWith("-after") == method.equals("afterRestore");
        if (meant && fault.equals("throw")) throw new IllegalStateException("hook fails as told in " + method);
        if (meant && fault.equals("hang")) Thread.sleep(Long.MAX_VALUE);
        return null;
    }

    static String json() {
        synchronized (CALLS) {
            return "{\"calls\":[" + String.join(",", CALLS) + "]}\n";
        }
    }

    /** In a thread of its own: the request that asked must be answered before its connection is in the way of the dump. */
    static void checkpointSoon() throws ClassNotFoundException {
        Class<?> core = Class.forName("org.crac.Core");
        new Thread(() -> {
            try {
                core.getMethod("checkpointRestore").invoke(null);
                System.out.println("checkpointRestore returned");
            } catch (InvocationTargetException e) {
                System.out.println("checkpointRestore threw " + e.getCause());
            } catch (ReflectiveOperationException e) {
                System.out.println("no checkpoint: " + e);
            }
        }, "checkpoint").start();
    }
}
