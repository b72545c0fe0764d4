using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;

namespace VerSemi.UnitTests.Domain.Planning;

public class TrainingPaceTests
{
    private static readonly TrainingRecipe Recipe = new() { Stage1Steps = 100, Stage2Steps = 50, ValidateEvery = 40 };

    /// <summary>Validations after steps 40, 80, 120 and 150.</summary>
    private static readonly TrainingForecast Forecast = new(100 * 1 + 50 * 3 + 4 * 5, 1L << 30) { Times = new StepTimes(1, 3, 0.1), ValidationSeconds = 5 };

    [Fact]
    public void Before_the_first_step_it_is_the_forecast() => Assert.Equal(Forecast.Seconds, new TrainingPace(Recipe, Forecast, 0).SecondsLeft(0, 0)!.Value, 1e-9);

    [Fact]
    public void A_first_step_that_takes_ten_times_as_long_does_not_move_it_by_a_factor() =>
        Assert.InRange(new TrainingPace(Recipe, Forecast, 0).SecondsLeft(1, 10)!.Value, Forecast.Seconds, 1.5 * Forecast.Seconds);

    [Theory]
    [InlineData(60, 2)]
    [InlineData(120, 0.5)]
    public void Once_steps_are_known_their_pace_counts_for_what_is_left_of_both_stages(int done, double pace)
    {
        var left = done == 60 ? 40 * 1 + 50 * 3 + 3 * 5 : 30 * 3 + 5;
        var spent = Forecast.Seconds - left;

        Assert.InRange(new TrainingPace(Recipe, Forecast, 0).SecondsLeft(done, pace * spent)!.Value, 0.75 * pace * left, 1.35 * pace * left);
    }

    [Fact]
    public void A_resumed_attempt_counts_its_own_steps_and_at_the_end_nothing_is_left()
    {
        var resumed = new TrainingPace(Recipe, Forecast, 100);

        Assert.Equal(50 * 3 + 2 * 5, resumed.SecondsLeft(100, 0)!.Value, 1e-9);
        Assert.Equal(0, resumed.SecondsLeft(150, 200));
        Assert.Equal(0, new TrainingPace(Recipe, Forecast, 150).SecondsLeft(150, 0));
    }

    [Fact]
    public void Without_a_forecast_it_is_the_mean_of_the_steps_done()
    {
        var blind = new TrainingPace(Recipe, null, 50);

        Assert.Null(blind.SecondsLeft(50, 0));
        Assert.Equal(80, blind.SecondsLeft(70, 20));
        Assert.Equal(80, new TrainingPace(Recipe, new TrainingForecast(1, 1), 50).SecondsLeft(70, 20));
    }
}
