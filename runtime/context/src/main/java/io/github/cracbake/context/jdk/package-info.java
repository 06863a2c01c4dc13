/** Restore steps that reach into the JDK, or Spring, by reflection. Defined by {@code JdkAccessLoader}: refer to none of them from elsewhere. */
package io.github.cracbake.context.jdk;
