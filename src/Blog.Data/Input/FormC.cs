using System.Text;

namespace Blog.Data.Input;

/// <summary>Unicode normalisation form C, in which texts are stored and compared.</summary>
public static class FormC
{
    /// <summary>A text in form C. .NET refuses U+FFFE, which is a code point like any other and composes with nothing: it is normalised around it.</summary>
    public static string Of(string text) =>
        string.Join('\ufffe', text.Split('\ufffe').Select(part => part.Normalize(NormalizationForm.FormC)));
}
