/**
 * What the programs of a terminal have in common: {@link kr.kisgateway.terminal.Screen} prints text that fits its width, {@link
 * kr.kisgateway.terminal.CommandLines} gives picocli's commands their help and error texts, {@link
 * kr.kisgateway.terminal.LaunchArguments} are the arguments as typed.
 */
@NullMarked
package kr.kisgateway.terminal;

import org.jspecify.annotations.NullMarked;
