package main

import "strings"

// splitJavaOptions parts JAVA_TOOL_OPTIONS into words as HotSpot does: at white space, with quotes of either kind taken
// away wherever they stand, and no escape character (arguments.cpp, parse_options_buffer).
func splitJavaOptions(text string) []string {
	var words []string
	var word strings.Builder
	begun, quote := false, rune(0)
	for _, char := range text {
		switch {
		case quote != 0 && char == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(char)
		case char == '"' || char == '\'':
			quote, begun = char, true
		case strings.ContainsRune(" \t\n\v\f\r", char):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(char)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}

// joinJavaOptions makes the variable of words; splitJavaOptions gives them back.
func joinJavaOptions(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quoteJavaOption(word)
	}
	return strings.Join(quoted, " ")
}

func quoteJavaOption(word string) string {
	switch {
	case word != "" && !strings.ContainsAny(word, " \t\n\v\f\r'\""):
		return word
	case !strings.Contains(word, `"`):
		return `"` + word + `"`
	case !strings.Contains(word, `'`):
		return `'` + word + `'`
	}
	// Both kinds of quotes: the double ones in single ones, all else the other way round.
	parts := strings.Split(word, `"`)
	for i, part := range parts {
		if part != "" {
			parts[i] = `"` + part + `"`
		}
	}
	return strings.Join(parts, `'"'`)
}
