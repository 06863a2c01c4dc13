/** What a restored JVM must bring up to date before the app's hooks run, step by step. */
package io.github.cracbake.context.restore;
