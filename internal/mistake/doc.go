// Package mistake holds sentences about what is wrong with a file or a setting.
// They are English in the code, where logs and tests read them. A command gets them
// in the language of its reader by handing in translations of their formats.
package mistake
