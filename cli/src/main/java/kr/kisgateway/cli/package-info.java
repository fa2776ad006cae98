/**
 * {@code ./kis orders …} and the like: what a person does with a running gateway from a terminal.
 *
 * <p>It uses the gateway's published API through {@code gateway-client}, as a customer's program would, and knows none of
 * its classes. {@link kr.kisgateway.cli.Main} brings in the real world, {@link kr.kisgateway.cli.Kis} holds all commands,
 * {@link kr.kisgateway.cli.GatewayConnection} asks the gateway and repeats what may be repeated, {@link kr.kisgateway.cli.Screen}
 * prints. A command is a class with picocli's annotations; its English description is followed by a Korean one.
 *
 * <p>To add a command: a subclass of {@link kr.kisgateway.cli.GatewayCommand}, its place in {@code Kis}, a line in the
 * launcher when it is a new word there, and a section in {@code docs/CLI.md}.
 */
@NullMarked
package kr.kisgateway.cli;

import org.jspecify.annotations.NullMarked;
