// The least that the same framework can do: Nest on Fastify with one statement a request, and nothing else.
import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';

const POOL = Symbol('Pool');

@Controller('v1')
class BareController {
  constructor(@Inject(POOL) private readonly pool: pg.Pool) {}

  @Get('tasks/:task')
  async get(@Param('task') task: string): Promise<unknown> {
    const { rows } = await this.pool.query('select * from bare where task = $1', [Number(task)]);
    return rows[0] as unknown;
  }

  @Post(['tasks', 'datasets'])
  @HttpCode(201)
  async create(@Body() body: unknown): Promise<unknown> {
    const { rows } = await this.pool.query('insert into bare (spec) values ($1) returning *', [JSON.stringify(body)]);
    return rows[0] as unknown;
  }
}

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query('create table if not exists bare (task serial primary key, spec jsonb not null)');

@Module({ controllers: [BareController], providers: [{ provide: POOL, useValue: pool }] })
class BareModule {}

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.env['PORT']), '127.0.0.1');
