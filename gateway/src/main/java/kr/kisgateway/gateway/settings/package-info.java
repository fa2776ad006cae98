/**
 * What the user may set. {@link kr.kisgateway.gateway.settings.SettingsLoader} gathers names and values from the command
 * line, the environment, {@code .env}, {@code gateway.yaml} and the defaults, in that order of precedence, and checks
 * them once; what comes out is an immutable {@link kr.kisgateway.gateway.settings.Settings}, or the list of
 * contradictions in words. A new setting is a row of {@link kr.kisgateway.client.settings.Setting} with its default, unit and
 * meaning, and a line in the loader's {@code read}; {@code ./kis config --document} writes its line of the documents.
 */
@NullMarked
package kr.kisgateway.gateway.settings;

import org.jspecify.annotations.NullMarked;
