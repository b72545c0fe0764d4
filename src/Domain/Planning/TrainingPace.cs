using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>
/// How long a training still takes: what its forecast says of the steps and validations that are left, at the pace of those
/// that this attempt has done. The first steps are slow by chance; until some twenty are done, the forecast counts more.
/// </summary>
/// <param name="recipe">As it is trained; of growth by the head alone with all steps in stage 1.</param>
/// <param name="forecast">Null, or one of an earlier version without times: the mean of the steps done counts alone.</param>
/// <param name="from">Steps done before this attempt.</param>
public sealed class TrainingPace(TrainingRecipe recipe, TrainingForecast? forecast, int from)
{
    /// <summary>The forecast weighs as much as so many steps.</summary>
    private const int Trusted = 20;

    private readonly int _steps = recipe.Stage1Steps + recipe.Stage2Steps;

    /// <param name="done">Steps done so far, those before this attempt included.</param>
    /// <param name="seconds">Since this attempt's first step began.</param>
    /// <returns>Null before the first step where there is no forecast.</returns>
    public double? SecondsLeft(int done, double seconds)
    {
        if (forecast?.Times is null)
            return done == from ? null : seconds / (done - from) * (_steps - done);
        var trusted = Expected(from, Math.Min(_steps, from + Trusted));
        return trusted == 0 ? 0 : (seconds + trusted) / (Expected(from, done) + trusted) * Expected(done, _steps);
    }

    /// <summary>Seconds of the steps after a up to b, and of their validations.</summary>
    private double Expected(int a, int b)
    {
        var first = Math.Min(b, recipe.Stage1Steps) - Math.Min(a, recipe.Stage1Steps);
        var validations = Validations(b) - Validations(a);
        return first * forecast!.Times!.Stage1Seconds + (b - a - first) * forecast.Times.Stage2Seconds + validations * forecast.ValidationSeconds;
    }

    /// <summary>One more after the last step, where that is not due anyway.</summary>
    private int Validations(int done) => done / recipe.ValidateEvery + (done == _steps && done % recipe.ValidateEvery != 0 ? 1 : 0);
}
