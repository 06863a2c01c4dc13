package io.github.cracbake.context;

/** A living Resource for the time of one checkpoint and restore. */
final class HookTarget {
    /** The app's own object; held so that it lives until its {@code afterRestore}. */
    final Object subject;
    final Resource resource;
    final String className;
    /** The context class loader of the thread that registered it, else the one of its class; null for the JDK's own. */
    final ClassLoader contextLoader;

    HookTarget(Object subject, Resource resource, String className, ClassLoader contextLoader) {
        this.subject = subject;
        this.resource = resource;
        this.className = className;
        this.contextLoader = contextLoader;
    }
}
