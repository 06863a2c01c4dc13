/**
 * The context agent. {@link io.github.cracbake.context.Core}, {@link io.github.cracbake.context.Context},
 * {@link io.github.cracbake.context.Resource} and the two exceptions are what {@code org.crac.Core} (1.5.0, class
 * {@code Core.Compat}) looks up by these names in the package that the system property {@code org.crac.Core.Compat} names.
 */
package io.github.cracbake.context;
