namespace VerSemi.Domain.Recipes;

/// <summary>How often labelled samples ask each task.</summary>
public enum TaskSampling
{
    /// <summary>Each task equally often, however few cases it has.</summary>
    Balanced,

    /// <summary>As the square root of the number of its annotated cases: between the two others.</summary>
    SquareRoot,

    /// <summary>As the number of its annotated cases: each case equally often for each of its tasks.</summary>
    Proportional,
}
