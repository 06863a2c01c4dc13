package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Spring's {@code Environment}: Spring Boot remembers the names of a property source {@code systemEnvironment} for as long as the source is the same
 * object, so there has to be a new one. Environments are found by the lifecycle hooks that Spring (6.1 and later) registers, and by the contexts
 * that Spring Boot (2.5 and later) would close at the end.
 */
public final class SpringRefresh implements RestoreStep {
    private static final String HOOK = "org.springframework.context.support.DefaultLifecycleProcessor$CracResourceAdapter";
    private static final String BOOT = "org.springframework.boot.SpringApplication";
    private static final String SOURCE_TYPE = "org.springframework.core.env.SystemEnvironmentPropertySource";
    private static final String SOURCE = "systemEnvironment";

    private final List<Sources> found = new ArrayList<>();

    public SpringRefresh() {
    }

    @Override
    public String name() {
        return "spring";
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        Set<Object> environments = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object resource : dump.resources()) {
            if (resource.getClass().getName().equals(HOOK)) {
                Object beans = Reflect.get(Reflect.get(resource, "this$0"), "beanFactory");
                environments.add(call(beans, "getSingleton", "environment"));
            }
        }
        for (Class<?> type : dump.loadedClasses()) {
            if (type.getName().equals(BOOT)) {
                addOfBoot(type, environments);
            }
        }
        environments.remove(null);
        found.clear();
        for (Object environment : environments) {
            Sources sources = new Sources(environment);
            sources.replace(false);
            found.add(sources);
        }
        facts(0);
    }

    private static void addOfBoot(Class<?> boot, Set<Object> environments) throws ReflectiveOperationException {
        Object shutdown;
        try {
            shutdown = Reflect.field(boot, "shutdownHook").get(null);
        } catch (NoSuchFieldException older) {
            return;
        }
        Collection<?> contexts;
        synchronized (boot) {
            contexts = new ArrayList<>((Collection<?>) Reflect.get(shutdown, "contexts"));
        }
        for (Object context : contexts) {
            environments.add(Reflect.method(context.getClass(), "getEnvironment").invoke(context));
        }
    }

    private static Object call(Object on, String name, String argument) throws ReflectiveOperationException {
        return Reflect.method(on.getClass(), name, String.class).invoke(on, argument);
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException {
        int count = 0;
        if (input.environment != null) {
            for (Sources sources : found) {
                sources.replace(true);
                count++;
            }
        }
        return facts(count);
    }

    private static Map<String, Object> facts(int count) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("environments", count);
        return facts;
    }

    /** The property sources of one environment. */
    private static final class Sources {
        private final Object sources;
        private final Method get;
        private final Method replace;
        private final Method content;
        private final Constructor<?> constructor;

        Sources(Object environment) throws ReflectiveOperationException {
            sources = Reflect.method(environment.getClass(), "getPropertySources").invoke(environment);
            get = Reflect.method(sources.getClass(), "get", String.class);
            Class<?> type = Class.forName(SOURCE_TYPE, false, sources.getClass().getClassLoader());
            content = Reflect.method(type, "getSource");
            replace = Reflect.method(sources.getClass(), "replace", String.class, Class.forName("org.springframework.core.env.PropertySource", false,
                    sources.getClass().getClassLoader()));
            constructor = type.getConstructor(String.class, Map.class);
        }

        void replace(boolean byNew) throws ReflectiveOperationException {
            Object old = get.invoke(sources, SOURCE);
            // The app may have taken it out, or put something of its own in its place.
            if (old != null && constructor.getDeclaringClass().isInstance(old)) {
                // Its map is System.getenv(), which is up to date.
                Object fresh = constructor.newInstance(SOURCE, content.invoke(old));
                replace.invoke(sources, SOURCE, byNew ? fresh : old);
            }
        }
    }
}
