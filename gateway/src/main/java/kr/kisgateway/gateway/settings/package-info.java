/**
 * What the user may set. {@link kr.kisgateway.gateway.settings.SettingsLoader} gathers names and values from the command
 * line, the environment, {@code .env}, {@code gateway.yaml} and the defaults, in that order of precedence, and checks
 * them once; what comes out is an immutable {@link kr.kisgateway.gateway.settings.Settings}, or the list of
 * contradictions in words. A new setting is a constant in {@code SettingName} with its default and unit, and a line in
 * the loader's {@code read}.
 */
@NullMarked
package kr.kisgateway.gateway.settings;

import org.jspecify.annotations.NullMarked;
