package io.github.cracbake.context;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * One call of {@code register}.
 *
 * <p>What {@code org.crac} registers is a dynamic proxy whose invocation handler is a {@code WeakReference} to the app's own Resource
 * ({@code org.crac.Core.ResourceWrapper}, 1.5.0). The proxy is held here, the app's object is not. Everything else is held weakly itself.
 */
final class Registration {
    /** Of the app's own class where that can be seen, else of what was registered. */
    final String className;
    private final Reference<?> subject;
    private final Resource proxy;
    private final Reference<ClassLoader> contextLoader;

    Registration(Resource registered) {
        Object wrapped = wrapped(registered);
        Object known = wrapped == null ? registered : wrapped;
        className = known.getClass().getName();
        subject = new WeakReference<>(known);
        proxy = wrapped == null ? null : registered;
        contextLoader = new WeakReference<>(Thread.currentThread().getContextClassLoader());
    }

    private static Object wrapped(Resource registered) {
        if (!Proxy.isProxyClass(registered.getClass())) {
            return null;
        }
        InvocationHandler handler = Proxy.getInvocationHandler(registered);
        return handler instanceof WeakReference ? ((WeakReference<?>) handler).get() : null;
    }

    boolean isCollected() {
        return subject.get() == null;
    }

    /** Null when the Resource is collected. */
    HookTarget target() {
        Object living = subject.get();
        if (living == null) {
            return null;
        }
        ClassLoader loader = contextLoader.get();
        return new HookTarget(living, proxy == null ? (Resource) living : proxy, className,
                loader == null ? living.getClass().getClassLoader() : loader);
    }
}
