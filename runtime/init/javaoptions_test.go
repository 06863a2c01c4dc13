package main

import (
	"slices"
	"testing"
)

func TestJavaOptionsAsWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                          nil,
		"  -Xmx1g\t-Da=b\n":         {"-Xmx1g", "-Da=b"},
		`-Da="b c" '-Dd=e f'`:       {"-Da=b c", "-Dd=e f"},
		`-Da='"b"'`:                 {`-Da="b"`},
		`-Da=b\ c`:                  {`-Da=b\`, "c"},
		`""`:                        {""},
		`-Dopen="to the end -Xmx1g`: {"-Dopen=to the end -Xmx1g"},
		`-Dumlaut="ä ö" -Dx='ü'-y`:  {"-Dumlaut=ä ö", "-Dx=ü-y"},
	} {
		if got := splitJavaOptions(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestJavaOptionsComeBackFromTheirText(t *testing.T) {
	for _, words := range [][]string{
		{"-Xmx1g", "-Da=b"},
		{"-Da=b c", `-De='f'`, `-Dg="h" 'i' "`, "", `'"`, "x"},
		{"-XX:CRaCEngineOptions=criu_location=/c,args=--a --b"},
	} {
		if got := splitJavaOptions(joinJavaOptions(words)); !slices.Equal(got, words) {
			t.Errorf("%q came back as %q by %s", words, got, joinJavaOptions(words))
		}
	}
}
