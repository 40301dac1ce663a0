import { IsInt, IsString, Length } from 'class-validator';

export class CreateVehicle {
  @IsString()
  @Length(2, 12)
  plate!: string;

  @IsInt()
  seats!: number;
}

export class UpdateVehicle {
  @IsInt()
  seats!: number;
}
