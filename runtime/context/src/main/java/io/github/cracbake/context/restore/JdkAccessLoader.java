package io.github.cracbake.context.restore;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Defines the classes that reach into the JDK, so that they are in a module of their own. Packages opened to the module of the class
 * path would be open to the app as well, and libraries that probe for that would behave otherwise than without the agent.
 */
final class JdkAccessLoader extends ClassLoader {
    private static final String PACKAGE = "io.github.cracbake.context.jdk.";
    /** Module, then packages; those that a JDK does not have are left out. */
    private static final String[][] OPENED = {
        {"java.base", "java.lang", "java.net", "java.security", "java.util", "java.util.concurrent", "jdk.internal.loader", "jdk.internal.misc",
            "jdk.internal.random", "jdk.internal.reflect", "sun.security.provider"},
        {"jdk.random", "jdk.random"},
        {"jdk.management", "com.sun.management.internal"},
    };

    JdkAccessLoader() {
        super(JdkAccessLoader.class.getClassLoader());
    }

    void openJdk(Instrumentation instrumentation) {
        for (String[] names : OPENED) {
            ModuleLayer.boot().findModule(names[0]).ifPresent(module -> open(module, names, instrumentation));
        }
    }

    private void open(Module module, String[] names, Instrumentation instrumentation) {
        Set<String> packages = new HashSet<>(module.getPackages());
        Map<String, Set<Module>> opens = new HashMap<>();
        for (int i = 1; i < names.length; i++) {
            if (packages.contains(names[i])) {
                opens.put(names[i], Collections.singleton(getUnnamedModule()));
            }
        }
        instrumentation.redefineModule(module, Collections.<Module>emptySet(),
                Collections.<String, Set<Module>>emptyMap(), opens,
                Collections.<Class<?>>emptySet(), Collections.<Class<?>, List<Class<?>>>emptyMap());
    }

    <T> T create(String simpleName, Class<T> as) throws ReflectiveOperationException {
        return as.cast(loadClass(PACKAGE + simpleName).getDeclaredConstructor().newInstance());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = bytes(name);
                loaded = defineClass(name, bytes, 0, bytes.length, JdkAccessLoader.class.getProtectionDomain());
            }
            return loaded;
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        URL resource = getParent().getResource(name.replace('.', '/') + ".class");
        if (resource == null) {
            throw new ClassNotFoundException(name);
        }
        try {
            URLConnection connection = resource.openConnection();
            // A cached connection keeps the jar open a second time.
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return in.readAllBytes();
            }
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
