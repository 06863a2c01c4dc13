/** Restore steps that reach into the JDK, Spring or Netty by reflection. Defined by {@code JdkAccessLoader}: refer to none of them from elsewhere. */
package io.github.cracbake.context.jdk;
